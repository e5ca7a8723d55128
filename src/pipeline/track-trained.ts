import type { DatasetInput, MlflowClient } from '../tracking/index.ts'
import { trackModel } from './track-model.ts'
import type { TrainedModel } from './train-model.ts'

export interface TrackTrainedInput {
  readonly client: MlflowClient
  readonly trained: TrainedModel
  /** Where the data came from; the numbers that the trees were trained on by default. */
  readonly datasets?: readonly DatasetInput[]
  readonly tags?: Readonly<Record<string, string>>
  readonly runName?: string
  readonly startTime?: number
  readonly now: () => number
}

/** Logs what `trainModel` gave as one run, with its parameters under XGBoost's names and its held-out metrics. */
export function trackTrained(input: TrackTrainedInput): Promise<{ runId: string; modelId: string }> {
  const { trained, datasets = trained.datasets, tags, ...rest } = input
  return trackModel({
    ...rest,
    model: trained,
    training: { params: trained.params, datasets },
    ...(trained.metrics && { metrics: trained.metrics }),
    tags: { 'fds.rows_train': String(trained.rows.train), ...tags },
  })
}
