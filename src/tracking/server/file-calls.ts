import type { ServedLocations } from '../artifacts/artifact-locations.ts'
import { checkArtifactPath, checkFolderPath } from '../artifacts/artifact-path.ts'
import type { CallRequest, CallResponse } from '../protocol/endpoints.ts'
import { refuse } from '../protocol/refusal.ts'
import type { ServedStores } from './json-routes.ts'

/** The artifacts of a run directly below a folder. */
export async function listArtifacts(
  stores: ServedStores,
  { runId, path }: CallRequest<'listArtifacts'>,
): Promise<CallResponse<'listArtifacts'>> {
  const folder = checkFolderPath(path)
  const { artifactUri = '' } = (await stores.store.getRun({ runId })).run.info
  return listBelow(stores, artifactUri, folder)
}

/** The same of a logged model. */
export async function listLoggedModelArtifacts(
  stores: ServedStores,
  { modelId, artifactDirectoryPath }: CallRequest<'listLoggedModelArtifacts'>,
): Promise<CallResponse<'listLoggedModelArtifacts'>> {
  const folder = checkFolderPath(artifactDirectoryPath)
  const { artifactUri = '' } = (await stores.store.getLoggedModel({ modelId })).model.info
  return listBelow(stores, artifactUri, folder)
}

/** Files go through this server; MLflow answers so too where its artifacts lie behind it or on a disk. */
export async function createPresignedUploadUrl(
  { store }: ServedStores,
  { runId, modelId, path }: CallRequest<'createPresignedUploadUrl'>,
): Promise<never> {
  if (Boolean(runId) === Boolean(modelId)) {
    refuse('INVALID_PARAMETER_VALUE', 'Exactly one of run_id and model_id must be provided.')
  }
  checkArtifactPath(path)
  const { artifactUri } = runId
    ? (await store.getRun({ runId })).run.info
    : (await store.getLoggedModel({ modelId: modelId ?? '' })).model.info
  return refusePresigned('Presigned upload', artifactUri)
}

export async function createPresignedDownloadUrl(
  { store }: ServedStores,
  { runId, path, expiration = 900 }: CallRequest<'createPresignedDownloadUrl'>,
): Promise<never> {
  checkArtifactPath(path)
  if (expiration < 1 || expiration > WEEK_SECONDS) {
    const rule = `expiration must be between 1 and ${WEEK_SECONDS} seconds (got ${expiration}).`
    refuse('INVALID_PARAMETER_VALUE', rule)
  }
  return refusePresigned('Presigned download', (await store.getRun({ runId })).run.info.artifactUri)
}

const WEEK_SECONDS = 604_800

function refusePresigned(what: string, artifactUri = ''): never {
  const scheme = artifactUri.replace(/:.*$/s, '')
  if (scheme === 'file') {
    refuse('NOT_IMPLEMENTED', `${what} is not supported for the current artifact repository`)
  }
  const rule = `${what} is not supported for proxied artifact storage (artifact URI scheme: ${scheme}).`
  return refuse(
    'INVALID_PARAMETER_VALUE',
    `${rule} This endpoint requires a direct cloud storage artifact URI.`,
  )
}

async function listBelow(
  { artifacts, locations }: ServedStores,
  rootUri: string,
  folder: string,
): Promise<CallResponse<'listArtifacts'>> {
  const files = await artifacts.list(pathBelow(locations, rootUri, folder))
  return { rootUri, files: files.map((file) => ({ ...file, path: joinPaths(folder, file.path) })) }
}

/** The path in the artifact store of what lies at `below` in a run's, version's or model's own artifacts. */
export function pathBelow(locations: ServedLocations, artifactUri = '', below = ''): string {
  return joinPaths(locations.pathOf(artifactUri), below)
}

function joinPaths(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('/')
}
