import { FdsError } from '../../errors.ts'
import { joinUri } from '../client/artifact-uri.ts'
import type { MlflowClient } from '../client/mlflow-client.ts'
import { isTrackingError } from '../client/tracking-client.ts'
import { locateModel, type ModelLocation } from './locate-model.ts'
import { MLMODEL, type ModelFolder, namedFiles, readModelFolder } from './read-model-folder.ts'

export interface LoadedModelFiles extends Omit<ModelLocation, 'location'> {
  /** By path below the model's folder. */
  readonly files: Map<string, Uint8Array>
}

/**
 * Fetches what makes a model from wherever MLflow's address leads (`models:/name@alias`, `models:/name/3`,
 * `models:/m-…`, `runs:/id/path`): the `MLmodel` file and the files of trees, features and policy that it names.
 * Whatever else lies in the folder, such as pickles, programs and data, stays where it is.
 *
 * `wanted` may choose other files that `MLmodel` names.
 *
 * Errors: MODEL_NOT_FOUND where the address leads nowhere; MODEL_FILE_INVALID for a folder without a readable
 * `MLmodel`, without a file that it names, or with one longer than 2 GiB, which Node cannot hold; MODEL_UNSUPPORTED
 * for a model that is not XGBoost's.
 */
export async function loadModelFiles(
  client: MlflowClient,
  uri: string,
  wanted: (folder: ModelFolder) => readonly string[] = namedFiles,
): Promise<LoadedModelFiles> {
  try {
    const { location, ...origin } = await locateModel(client, uri)
    const described = await download(client, location, [MLMODEL])
    const named = await download(client, location, wanted(readModelFolder(described)))
    return { files: new Map([...described, ...named]), ...origin }
  } catch (error) {
    if (!leadsNowhere(error)) throw error
    throw new FdsError('MODEL_NOT_FOUND', { uri, reason: error.details.message }, { cause: error })
  }
}

const FILE_BYTES_MAX = 2 ** 31 - 1

/** The files of those paths below a location, each folder listed once. */
async function download(
  client: MlflowClient,
  location: string,
  paths: readonly string[],
): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>()
  for (const [folder, names] of byFolder(paths)) {
    const listed = await client.listFolder(joinUri(location, folder))
    for (const name of names) {
      const path = folder === '' ? name : `${folder}/${name}`
      checkListed(
        path,
        listed.find((entry) => entry.path === name && !entry.isDir),
      )
      files.set(path, await client.downloadFile(joinUri(location, path)))
    }
  }
  return files
}

function byFolder(paths: readonly string[]): Map<string, Set<string>> {
  const folders = new Map<string, Set<string>>()
  for (const path of paths) {
    const end = path.lastIndexOf('/')
    const folder = path.slice(0, Math.max(0, end))
    folders.set(folder, (folders.get(folder) ?? new Set()).add(path.slice(end + 1)))
  }
  return folders
}

function checkListed(path: string, entry: { readonly fileSize?: number } | undefined): void {
  if (entry === undefined)
    throw new FdsError('MODEL_FILE_INVALID', { reason: `the folder must hold ${path}` })
  const { fileSize = 0 } = entry
  if (fileSize <= FILE_BYTES_MAX) return
  const reason = `${path} must be at most ${FILE_BYTES_MAX} bytes, got ${fileSize}`
  throw new FdsError('MODEL_FILE_INVALID', { reason })
}

function leadsNowhere(error: unknown): error is FdsError<'TRACKING_FAILED'> {
  // MLflow answers a missing alias with INVALID_PARAMETER_VALUE
  return (
    isTrackingError(error, 'RESOURCE_DOES_NOT_EXIST') || isTrackingError(error, 'INVALID_PARAMETER_VALUE')
  )
}
