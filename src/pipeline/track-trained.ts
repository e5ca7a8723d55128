import { paramsToXgboost } from '../model/index.ts'
import type { MlflowClient } from '../tracking/index.ts'
import { trackModel } from './track-model.ts'
import type { TrainedModel } from './train-model.ts'

export interface TrackTrainedInput {
  readonly client: MlflowClient
  readonly trained: TrainedModel
  readonly tags?: Readonly<Record<string, string>>
  readonly runName?: string
  readonly now: () => number
}

/** Logs what `trainModel` gave as one run, with its parameters under XGBoost's names and its held-out metrics. */
export function trackTrained({ trained, tags, ...rest }: TrackTrainedInput): Promise<{ runId: string }> {
  return trackModel({
    ...rest,
    model: trained,
    params: paramsToXgboost(trained.params),
    ...(trained.metrics && { metrics: trained.metrics }),
    tags: { 'fds.rows_train': String(trained.rows.train), ...tags },
  })
}
