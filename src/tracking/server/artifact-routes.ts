import type { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { checkArtifactPath, checkFolderPath, refuseArtifactPath } from '../artifacts/artifact-path.ts'
import { API_PREFIXES, ARTIFACTS_PATH, folderListing } from '../protocol/endpoints.ts'
import { encodeMessage } from '../protocol/fields.ts'
import { LIMITS } from '../protocol/limits.ts'
import { refuse } from '../protocol/refusal.ts'
import { pathBelow } from './file-calls.ts'
import type { ServedStores } from './json-routes.ts'
import { sendFile } from './send-file.ts'

/**
 * Routes that carry files: MLflow's artifact proxy, downloads by run, model version and logged model, and the upload
 * of MLflow's web page. Bodies are streamed.
 */
export function addArtifactRoutes(app: FastifyInstance, stores: ServedStores): void {
  app.removeAllContentTypeParsers()
  // whatever the type, the body is a stream of bytes that the handler reads
  app.addContentTypeParser('*', (_, payload, done) => done(null, payload))
  for (const prefix of API_PREFIXES) {
    addProxyRoutes(app, `${prefix}${ARTIFACTS_PATH}`, stores)
    addUnsupported(app, `${prefix}/mlflow-artifacts`)
  }
  addDownloads(app, stores)
  addPageUpload(app, stores)
}

const READS = { config: { effect: 'read' } } as const
const WRITES = { config: { effect: 'write' } } as const

function addProxyRoutes(app: FastifyInstance, url: string, { artifacts }: ServedStores): void {
  app.get(url, READS, async (request) => {
    const files = await artifacts.list(checkFolderPath(queryText(request, 'path')))
    return encodeMessage(folderListing, { files })
  })
  download(app, `${url}/*`, artifacts, async (request) => pathOf(request))
  app.put(`${url}/*`, WRITES, async (request) => {
    await artifacts.write(pathOf(request), bodyOf(request))
    return {}
  })
  app.delete(`${url}/*`, WRITES, async (request) => {
    await artifacts.remove(folderOf(request))
    return {}
  })
}

/** The client falls back to plain uploads when the message begins so. */
function addUnsupported(app: FastifyInstance, url: string): void {
  const refuseAs = (what: string) => async (request: FastifyRequest) => {
    pathOf(request)
    return refuse('NOT_IMPLEMENTED', `${what} is not supported for the current artifact repository`)
  }
  for (const step of ['create', 'complete', 'abort']) {
    app.post(`${url}/mpu/${step}/*`, WRITES, refuseAs('Multipart upload'))
  }
  app.get(`${url}/presigned/*`, READS, refuseAs('Presigned download'))
}

function addDownloads(app: FastifyInstance, { store, artifacts, locations }: ServedStores): void {
  download(app, '/get-artifact', artifacts, async (request) => {
    const runId = queryText(request, 'run_id') ?? queryText(request, 'run_uuid') ?? missing('run_id')
    const below = checkArtifactPath(queryText(request, 'path') ?? missing('path'))
    return pathBelow(locations, (await store.getRun({ runId })).run.info.artifactUri, below)
  })
  download(app, '/model-versions/get-artifact', artifacts, async (request) => {
    const name = queryText(request, 'name') ?? missing('name')
    const version = queryText(request, 'version') ?? missing('version')
    const below = checkArtifactPath(queryText(request, 'path') ?? missing('path'))
    return pathBelow(
      locations,
      (await store.getModelVersionDownloadUri({ name, version })).artifactUri,
      below,
    )
  })
  download(app, `${PAGE_PREFIX}/logged-models/:model_id/artifacts/files`, artifacts, async (request) => {
    const modelId = (request.params as { model_id: string }).model_id
    const below = checkArtifactPath(
      queryText(request, 'artifact_file_path') ?? refuse('BAD_REQUEST', NO_FILE),
    )
    return pathBelow(locations, (await store.getLoggedModel({ modelId })).model.info.artifactUri, below)
  })
}

const NO_FILE = 'Request must include the "artifact_file_path" query parameter.'

/** What MLflow's own web page alone calls. */
const PAGE_PREFIX = `${API_PREFIXES[1]}/mlflow`

function addPageUpload(app: FastifyInstance, { store, artifacts, locations }: ServedStores): void {
  app.post(`${PAGE_PREFIX}/upload-artifact`, WRITES, async (request) => {
    const runId = queryText(request, 'run_uuid') ?? refuseUpload('Request must specify run_uuid.')
    const below = checkArtifactPath(queryText(request, 'path') ?? refuseUpload('Request must specify path.'))
    if (Number(request.headers['content-length']) > LIMITS.uploadBytes) refuseUpload(TOO_LARGE)
    const { artifactUri } = (await store.getRun({ runId })).run.info
    await artifacts.write(pathBelow(locations, artifactUri, below), bounded(bodyOf(request)))
    return {}
  })
}

const TOO_LARGE = 'Artifact size is too large. Max size is 10MB.'

/** Breaks off, and with it the upload, where the bytes are too many or none. */
async function* bounded(body: Readable): AsyncGenerator<Buffer> {
  let size = 0
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > LIMITS.uploadBytes) refuseUpload(TOO_LARGE)
    yield chunk
  }
  if (size === 0) refuseUpload('Request must specify data.')
}

function refuseUpload(message: string): never {
  return refuse('INVALID_PARAMETER_VALUE', message)
}

/** GET and HEAD of the file at the path that a request means. */
function download(
  app: FastifyInstance,
  url: string,
  artifacts: ServedStores['artifacts'],
  locate: (request: FastifyRequest) => Promise<string>,
): void {
  const handler = async (request: FastifyRequest, reply: FastifyReply) =>
    sendFile(artifacts, await locate(request), { request, reply })
  app.route({ ...READS, method: ['GET', 'HEAD'], url, handler })
}

/** Without a type the body was parsed by nobody. */
function bodyOf(request: FastifyRequest): Readable {
  return request.body instanceof Object ? (request.body as Readable) : request.raw
}

function pathOf(request: FastifyRequest): string {
  return checkArtifactPath((request.params as { '*': string })['*'])
}

/** The client names a whole run with a slash at the end; the root itself is nobody's to remove. */
function folderOf(request: FastifyRequest): string {
  const folder = checkFolderPath((request.params as { '*': string })['*'])
  return folder === '' ? refuseArtifactPath() : folder
}

function queryText(request: FastifyRequest, key: string): string | undefined {
  const value = (request.query as Record<string, string | string[] | undefined>)[key]
  return (Array.isArray(value) ? value[0] : value) || undefined
}

function missing(name: string): never {
  return refuse('INVALID_PARAMETER_VALUE', `Missing value for required parameter '${name}'.`)
}
