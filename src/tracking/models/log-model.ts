import { joinUri } from '../client/artifact-uri.ts'
import type { LoggedModel, Texts } from '../client/entities.ts'
import type { MlflowClient } from '../client/mlflow-client.ts'
import { chunksOf } from '../store/store-pairs.ts'
import { type ModelFolderInput, writeModelFolder } from './write-model-folder.ts'

export interface MakeModelInput {
  readonly client: MlflowClient
  /** The run that makes the model. */
  readonly runId: string
  /** Default `model`; none of `/ : . % " '`. */
  readonly name?: string
  /** What kind of model it is, in words of one's own, such as `fraud`. */
  readonly modelType?: string
  /** Beside the parameters that the run has so far. */
  readonly params?: Texts
  readonly tags?: Texts
  /** Which checkpoint of the run it is; default 0. */
  readonly step?: number
}

export interface LogModelFolderInput extends MakeModelInput {
  readonly folder: ModelContent
}

/** What the caller knows of a folder; the rest follows from the run and the logged model. */
export type ModelContent = Omit<ModelFolderInput, 'runId' | 'modelId' | 'location' | 'createdAt'>

/**
 * Logs a model as MLflow 3 does: a logged model of the run's, its files in the model's own artifact folder, the run's
 * parameters and its metrics at `step` linked to it. It is READY then, and `runs:/id/model` and `models:/m-…` lead to
 * it; where something fails it is left as UPLOAD_FAILED, and the failure passes on.
 */
export async function logModelFolder(input: LogModelFolderInput): Promise<LoggedModel> {
  const { client, runId, step = 0, folder } = input
  return await makeModel(input, async ({ modelId }) => {
    await linkMetrics(client, runId, { modelId, step })
    return folder
  })
}

/**
 * `logModelFolder` for those who have something to log in between: `work` is told the pending model, whose id metrics may
 * carry, and gives what its folder should hold.
 */
export async function makeModel(
  input: MakeModelInput,
  work: (model: LoggedModel) => Promise<ModelContent>,
): Promise<LoggedModel> {
  const { client } = input
  const model = await startModel(input)
  const { modelId } = model
  try {
    await uploadFolder(client, model, await work(model))
  } catch (error) {
    // the first failure is the one to report
    await client.finalizeLoggedModel({ modelId, status: 'LOGGED_MODEL_UPLOAD_FAILED' }).catch(() => {})
    throw error
  }
  return await client.finalizeLoggedModel({ modelId, status: 'LOGGED_MODEL_READY' })
}

/** A pending model that the run says it made. */
async function startModel(input: MakeModelInput): Promise<LoggedModel> {
  const { client, runId, name = 'model', modelType, params, tags, step = 0 } = input
  const run = await client.getRun(runId)
  const model = await client.createLoggedModel({
    experimentId: run.info.experimentId,
    sourceRunId: runId,
    name,
    params: { ...params, ...run.data.params },
    ...(modelType !== undefined && { modelType }),
    ...(tags && { tags }),
  })
  await client.logOutputs(runId, [{ modelId: model.modelId, step }])
  return model
}

async function uploadFolder(client: MlflowClient, model: LoggedModel, content: ModelContent): Promise<void> {
  const { modelId, artifactUri: location = '', sourceRunId } = model
  const run = sourceRunId === undefined ? {} : { runId: sourceRunId }
  const files = writeModelFolder({ ...content, ...run, modelId, location, createdAt: client.now() })
  for (const [path, data] of files) await client.uploadFile(joinUri(location, path), data)
}

/** The run's points at that step, logged once more as the model's: the run keeps one of each. */
async function linkMetrics(
  client: MlflowClient,
  runId: string,
  { modelId, step }: { readonly modelId: string; readonly step: number },
): Promise<void> {
  const { metrics } = (await client.getRun(runId)).data
  const linked = []
  for (const key of Object.keys(metrics)) {
    const points = await client.getMetricHistory(runId, key)
    linked.push(...points.filter((point) => point.step === step).map((point) => ({ ...point, modelId })))
  }
  for (const chunk of chunksOf(linked, METRICS_A_BATCH)) await client.logBatch(runId, { metrics: chunk })
}

const METRICS_A_BATCH = 1000
