import { basename, extname } from 'node:path'
import type { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { checkArtifactPath, checkFolderPath } from '../artifacts/artifact-path.ts'
import { API_PREFIXES, ARTIFACTS_PATH, folderListing } from '../protocol/endpoints.ts'
import { encodeMessage } from '../protocol/fields.ts'
import { refuse } from '../protocol/refusal.ts'
import { type Guard, joinPaths, type ServedStores } from './json-routes.ts'

/** Routes that carry files: MLflow's artifact proxy, and downloads by run or model version. Bodies are streamed. */
export function addArtifactRoutes(app: FastifyInstance, stores: ServedStores, guard: Guard): void {
  app.removeAllContentTypeParsers()
  // whatever the type, the body is a stream of bytes that the handler reads
  app.addContentTypeParser('*', (_, payload, done) => done(null, payload))
  for (const prefix of API_PREFIXES) {
    addProxyRoutes(app, `${prefix}${ARTIFACTS_PATH}`, stores, guard)
    addUnsupported(app, `${prefix}/mlflow-artifacts`, guard)
  }
  addDownloads(app, stores, guard)
}

function addProxyRoutes(app: FastifyInstance, url: string, { artifacts }: ServedStores, guard: Guard): void {
  const reads = { onRequest: async (request: FastifyRequest) => guard(request, false) }
  const writes = { onRequest: async (request: FastifyRequest) => guard(request, true) }
  app.get(url, reads, async (request) => {
    const files = await artifacts.list(checkFolderPath(queryText(request, 'path')))
    return encodeMessage(folderListing, { files })
  })
  app.get(`${url}/*`, reads, (request, reply) => sendFile({ artifacts }, pathOf(request), reply))
  app.put(`${url}/*`, writes, async (request) => {
    const path = pathOf(request)
    await artifacts.write(path, request.body instanceof Object ? (request.body as Readable) : request.raw)
    return {}
  })
  app.delete(`${url}/*`, writes, async (request) => {
    await artifacts.remove(pathOf(request))
    return {}
  })
}

/** The client falls back to plain uploads when the message begins so. */
function addUnsupported(app: FastifyInstance, url: string, guard: Guard): void {
  const handler = () =>
    refuse('NOT_IMPLEMENTED', 'Multipart upload is not supported for the current artifact repository')
  for (const step of ['create', 'complete', 'abort']) {
    app.post(`${url}/mpu/${step}/*`, { onRequest: async (request) => guard(request, true) }, handler)
  }
  app.get(`${url}/presigned/*`, { onRequest: async (request) => guard(request, false) }, () =>
    refuse('NOT_IMPLEMENTED', 'Presigned URLs are not supported for the current artifact repository'),
  )
}

function addDownloads(
  app: FastifyInstance,
  { store, artifacts, locations }: ServedStores,
  guard: Guard,
): void {
  const reads = { onRequest: async (request: FastifyRequest) => guard(request, false) }
  app.get('/get-artifact', reads, async (request, reply) => {
    const runId = queryText(request, 'run_id') ?? queryText(request, 'run_uuid') ?? missing('run_id')
    const below = checkArtifactPath(queryText(request, 'path') ?? missing('path'))
    const { artifactUri = '' } = (await store.getRun({ runId })).run.info
    return sendFile({ artifacts }, joinPaths(locations.pathOf(artifactUri), below), reply)
  })
  app.get('/model-versions/get-artifact', reads, async (request, reply) => {
    const name = queryText(request, 'name') ?? missing('name')
    const version = queryText(request, 'version') ?? missing('version')
    const below = checkArtifactPath(queryText(request, 'path') ?? missing('path'))
    const { artifactUri } = await store.getModelVersionDownloadUri({ name, version })
    return sendFile({ artifacts }, joinPaths(locations.pathOf(artifactUri), below), reply)
  })
}

/** As a download that no browser runs or guesses the type of. */
async function sendFile(
  { artifacts }: Pick<ServedStores, 'artifacts'>,
  path: string,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { stream, size } = await artifacts.read(path)
  return reply
    .headers({
      'content-type': CONTENT_TYPES.get(extname(path).toLowerCase()) ?? typeWithoutExtension(path),
      'content-length': size,
      'content-disposition': disposition(basename(path)),
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'SAMEORIGIN',
    })
    .send(stream)
}

/** Without a charset, as MLflow sends it. */
const TEXT = 'text/plain'
const CONTENT_TYPES = new Map([
  ...'.txt .log .err .cfg .conf .ini .toml .yaml .yml .xml .json .js .ts .py .csv .tsv .md .rst'
    .split(' ')
    .map((extension) => [extension, TEXT] as const),
  ['.png', 'image/png'],
  ['.jpg', 'image/jpeg'],
  ['.jpeg', 'image/jpeg'],
  ['.gif', 'image/gif'],
  ['.svg', 'image/svg+xml'],
  ['.html', 'text/html; charset=utf-8'],
  ['.pdf', 'application/pdf'],
])

function typeWithoutExtension(path: string): string {
  return /^(mlmodel|mlproject)$/i.test(basename(path)) ? TEXT : 'application/octet-stream'
}

/** The name as ASCII, quoted where it must be, and where that loses something also as RFC 5987 has it. */
function disposition(name: string): string {
  const ascii = name.replace(/[^\x20-\x7e]/g, '_')
  const quoted = /^[\w!#$%&'*+.^`|~-]+$/.test(ascii) ? ascii : `"${ascii.replace(/["\\]/g, '\\$&')}"`
  const plain = `attachment; filename=${quoted}`
  if (ascii === name) return plain
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `${plain}; filename*=UTF-8''${encoded}`
}

function pathOf(request: FastifyRequest): string {
  return checkArtifactPath((request.params as { '*': string })['*'])
}

function queryText(request: FastifyRequest, key: string): string | undefined {
  const value = (request.query as Record<string, string | string[] | undefined>)[key]
  return (Array.isArray(value) ? value[0] : value) || undefined
}

function missing(name: string): never {
  return refuse('INVALID_PARAMETER_VALUE', `Missing value for required parameter '${name}'.`)
}
