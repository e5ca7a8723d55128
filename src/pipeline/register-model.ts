import { FdsError } from '../errors.ts'
import {
  CHAMPION,
  isTrackingError,
  loggedModelOfRun,
  type MlflowClient,
  type Mover,
  promote,
  type VersionKey,
} from '../tracking/index.ts'

/** The name of the model that a run makes, and where older runs keep its files. */
export const MODEL_PATH = 'model'

export interface RegisterModelInput extends Mover {
  readonly client: MlflowClient
  readonly runId: string
  readonly name: string
  readonly alias?: string
}

/** Makes a version of the run's model; alias `champion` is a promotion, which remembers the previous champion. */
export async function registerModel(input: RegisterModelInput): Promise<{ version: string }> {
  const { client, runId, name, alias, actor, reason } = input
  const version = await addVersion(client, { name, runId, ...(await modelOfRun(client, runId)) })
  if (alias === CHAMPION) await promote({ client, name, version, actor, reason })
  else if (alias !== undefined) await client.setRegisteredModelAlias({ name, alias, version, actor, reason })
  return { version }
}

/** Where a version's files lie; older runs have no logged model. */
export interface VersionSource {
  readonly source: string
  readonly modelId?: string
}

/** Makes a version of a registered model, and that first if there is none; its logged model is told. */
export async function addVersion(
  client: MlflowClient,
  made: VersionSource & { readonly name: string; readonly runId: string },
): Promise<string> {
  const { name, modelId } = made
  await ensureRegisteredModel(client, name)
  const { version } = await client.createModelVersion(made)
  if (modelId !== undefined) await tellModel(client, modelId, { name, version })
  return version
}

/**
 * The source of a version of the run's model: its logged model, or the files of a run that was made before there were
 * logged models. MODEL_NOT_FOUND for a run without a model, TRACKING_FAILED for no such run.
 */
async function modelOfRun(client: MlflowClient, runId: string): Promise<VersionSource> {
  const run = await client.getRun(runId)
  const source = `runs:/${runId}/${MODEL_PATH}`
  const model = run.outputs.length > 0 ? await loggedModelOfRun(client, run, MODEL_PATH) : undefined
  if (model?.status === 'LOGGED_MODEL_READY')
    return { source: `models:/${model.modelId}`, modelId: model.modelId }
  const files = model ? [] : await client.listArtifacts(runId, MODEL_PATH)
  if (files.length > 0) return { source }
  const reason = model ? 'its files were not uploaded whole' : 'the run holds no model'
  throw new FdsError('MODEL_NOT_FOUND', { uri: source, reason })
}

/** Writes the version into the logged model's tag, as MLflow's client does; some servers have done it by themselves. */
async function tellModel(client: MlflowClient, modelId: string, version: VersionKey): Promise<void> {
  const { tags } = await client.getLoggedModel(modelId)
  const versions = versionsIn(tags[VERSIONS_TAG] ?? '[]')
  // a number as the server writes it, a text as the client does
  if (versions.some(({ name, version: number }) => name === version.name && `${number}` === version.version))
    return
  await client.setLoggedModelTags(modelId, { [VERSIONS_TAG]: JSON.stringify([...versions, version]) })
}

/** None in a text that someone else wrote there. */
function versionsIn(text: string): readonly VersionKey[] {
  try {
    const told: unknown = JSON.parse(text)
    return Array.isArray(told) ? told : []
  } catch {
    return []
  }
}

const VERSIONS_TAG = 'mlflow.modelVersions'

async function ensureRegisteredModel(client: MlflowClient, name: string): Promise<void> {
  try {
    await client.createRegisteredModel(name)
  } catch (error) {
    if (!isTrackingError(error, 'RESOURCE_ALREADY_EXISTS')) throw error
  }
}
