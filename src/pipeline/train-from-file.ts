import { basename } from 'node:path'
import { readTable } from '../data/index.ts'
import type { FdsMetrics } from '../evaluation/index.ts'
import { paramsToXgboost } from '../model/index.ts'
import type { MlflowClient } from '../tracking/index.ts'
import { checkAlias, checkAliasFree, checkModelName } from '../tracking/protocol/limits.ts'
import { fileInput } from './dataset-input.ts'
import { MODEL_PATH, registerModel } from './register-model.ts'
import { trackTrained } from './track-trained.ts'
import { type TrainModelInput, trainModel } from './train-model.ts'

export interface TrainFromFileInput extends Omit<TrainModelInput, 'table'> {
  readonly client: MlflowClient
  readonly file: string
  /** Columns to read as text whatever they look like, ids among them. */
  readonly text: readonly string[]
  /** Told the rows read so far. */
  readonly onRead?: (rows: number) => void
  /** Registers the model under this name. */
  readonly register?: string
  /** Alias of the new version; needs `register`. */
  readonly alias?: string
  /** Who gives the alias, for the audit log. */
  readonly actor?: string
}

/** The answer of `fds train`, keys as in the public contract. */
export interface TrainResult {
  readonly run_id: string
  readonly model_uri: string
  readonly version?: string
  readonly params: Readonly<Record<string, string | number>>
  readonly metrics: FdsMetrics | Record<string, never>
  readonly seconds: {
    readonly read: number
    readonly features: number
    readonly train: number
    readonly total: number
  }
  readonly dropped: readonly { readonly column: string; readonly reason: string }[]
}

/** The whole journey of `fds train`: file → table → model → tracked run → registered version. */
export async function trainFromFile(input: TrainFromFileInput): Promise<TrainResult> {
  const { client, file, now, register, alias } = input
  // before the work, so that a wrong name costs nothing and leaves nothing behind
  if (register !== undefined) checkModelName(register)
  if (alias !== undefined) checkAliasFree(checkAlias(alias))
  const started = now()
  const table = await readTable(file, {
    text: input.text,
    ...(input.onRead && { onProgress: input.onRead }),
  })
  const read = (now() - started) / 1000

  const trained = trainModel({ ...input, table })
  const datasets = [await fileInput(file, table)]
  const tags = { 'fds.data': basename(file) }
  const { runId } = await trackTrained({ client, trained, datasets, tags, startTime: started, now })
  const registered =
    register === undefined
      ? undefined
      : await registerModel({
          client,
          runId,
          name: register,
          ...(alias !== undefined && { alias }),
          actor: input.actor,
          reason: `trained on ${basename(file)}`,
        })

  return {
    run_id: runId,
    model_uri: registered ? `models:/${register}/${registered.version}` : `runs:/${runId}/${MODEL_PATH}`,
    ...(registered && { version: registered.version }),
    params: paramsToXgboost(trained.params),
    metrics: trained.metrics ?? {},
    seconds: { read, ...trained.seconds, total: (now() - started) / 1000 },
    dropped: trained.dropped,
  }
}
