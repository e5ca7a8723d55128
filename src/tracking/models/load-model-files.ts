import { FdsError } from '../../errors.ts'
import { joinUri } from '../client/artifact-uri.ts'
import type { MlflowClient } from '../client/mlflow-client.ts'
import { isTrackingError } from '../client/tracking-client.ts'
import { type ModelUri, parseModelUri } from '../protocol/model-uri.ts'

export interface LoadedModelFiles {
  /** By path below the model's folder. */
  readonly files: Map<string, Uint8Array>
  readonly name?: string
  readonly version?: string
  readonly runId?: string
}

/**
 * Fetches a model's folder: an alias or version is resolved, then every file below its location is downloaded.
 * MODEL_NOT_FOUND where the address leads nowhere or to an empty folder.
 */
export async function loadModelFiles(client: MlflowClient, uri: string): Promise<LoadedModelFiles> {
  const address = parseModelUri(uri)
  try {
    const { location, ...origin } = await locate(client, address)
    const files = await client.downloadFolder(await resolve(client, location))
    if (files.size > 0) return { files, ...origin }
  } catch (error) {
    if (!leadsNowhere(error)) throw error
    throw new FdsError('MODEL_NOT_FOUND', { uri, reason: error.details.message }, { cause: error })
  }
  throw new FdsError('MODEL_NOT_FOUND', { uri, reason: 'there are no files' })
}

interface Located extends Omit<LoadedModelFiles, 'files'> {
  readonly location: string
}

async function locate(client: MlflowClient, address: ModelUri): Promise<Located> {
  if (address.kind === 'run') {
    const { artifactUri } = (await client.getRun(address.runId)).info
    return { location: joinUri(artifactUri ?? '', address.path), runId: address.runId }
  }
  if (address.kind === 'logged') {
    const { artifactUri, sourceRunId } = await client.getLoggedModel(address.modelId)
    return { location: artifactUri ?? '', ...(sourceRunId && { runId: sourceRunId }) }
  }
  const found =
    address.kind === 'alias' ? client.getModelVersionByAlias(address) : client.getModelVersion(address)
  const { name, version, runId } = await found
  const location = await client.getModelVersionDownloadUri({ name, version })
  return { location, name, version, ...(runId && { runId }) }
}

/** MLflow's own server gives a version's source as it came, which may be a run's or another model's address. */
async function resolve(client: MlflowClient, location: string): Promise<string> {
  if (!/^(runs|models):/.test(location)) return location
  return resolve(client, (await locate(client, parseModelUri(location))).location)
}

function leadsNowhere(error: unknown): error is FdsError<'TRACKING_FAILED'> {
  // MLflow answers a missing alias with INVALID_PARAMETER_VALUE
  return (
    isTrackingError(error, 'RESOURCE_DOES_NOT_EXIST') || isTrackingError(error, 'INVALID_PARAMETER_VALUE')
  )
}
