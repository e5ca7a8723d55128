import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ServedLocations } from '../artifacts/artifact-locations.ts'
import { checkFolderPath } from '../artifacts/artifact-path.ts'
import type { ArtifactStore } from '../artifacts/artifact-store.ts'
import type { Endpoint, Method } from '../protocol/endpoint.ts'
import {
  API_PREFIXES,
  type CallRequest,
  type CallResponse,
  ENDPOINTS,
  type EndpointName,
} from '../protocol/endpoints.ts'
import { decodeMessage, encodeMessage, type MessageOf, type Shape, wireName } from '../protocol/fields.ts'
import { refuse } from '../protocol/refusal.ts'
import type { Caller, TrackingStore } from '../store/tracking-store.ts'
import { userOf } from './access.ts'

export interface ServedStores {
  readonly store: TrackingStore
  readonly artifacts: ArtifactStore
  readonly locations: ServedLocations
}

/** Routes for every JSON call of the protocol, under both prefixes; 405 for the other methods of their paths. */
export function addJsonRoutes(app: FastifyInstance, stores: ServedStores): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'string', bodyLimit: LARGEST_BODY }, (_, body, done) =>
    done(null, body),
  )
  for (const [name, endpoint] of Object.entries<Endpoint>(ENDPOINTS)) {
    for (const url of urlsOf(endpoint)) addRoute(app, { name: name as EndpointName, endpoint, url, stores })
  }
  addRefusals(app)
}

/** Data-set profiles of 16 MB must fit. */
const LARGEST_BODY = 32 * 1024 * 1024

interface ServedRoute {
  readonly name: EndpointName
  readonly endpoint: Endpoint
  readonly url: string
  readonly stores: ServedStores
  readonly guard: Guard
}

function addRoute(app: FastifyInstance, { name, endpoint, url, stores }: ServedRoute): void {
  app.route({
    method: [...endpoint.methods],
    url,
    bodyLimit: LARGEST_BODY,
    exposeHeadRoute: false,
    config: { effect: endpoint.effect },
    handler: async (request, reply) => {
      const message = decodeMessage(endpoint.request, readRequest(request, endpoint.request))
      const answer = await answerCall(stores, name, message, { user: userOf(request) })
      reply.type('application/json')
      return JSON.stringify(encodeMessage(endpoint.response, answer))
    },
  })
}

/** `{model_id}` takes one segment; a tag's key, which ends its path, may hold slashes. */
function urlsOf(endpoint: Endpoint): string[] {
  const path = endpoint.path.replace(/\{tag_key\}$/, '*').replace(/\{(\w+)\}/g, ':$1')
  return API_PREFIXES.map((prefix) => prefix + path)
}

function answerCall(
  stores: ServedStores,
  name: EndpointName,
  message: MessageOf<Shape>,
  caller: Caller,
): Promise<MessageOf<Shape>> {
  if (name === 'listArtifacts') return listArtifacts(stores, message as CallRequest<'listArtifacts'>)
  if (name === 'transitionModelVersionStage') return refuseStage(stores, message as VersionKey)
  const call = stores.store[name] as (
    request: MessageOf<Shape>,
    caller: Caller,
  ) => Promise<MessageOf<Shape>>
  return call(message, caller)
}

type VersionKey = CallRequest<'getModelVersion'>

async function refuseStage({ store }: ServedStores, { name, version }: VersionKey): Promise<never> {
  await store.getModelVersion({ name, version })
  return refuse('BAD_REQUEST', NO_STAGES)
}

const NO_STAGES =
  'Model stages are deprecated in MLflow and not supported here. Use aliases instead: ' +
  'POST registered-models/alias with an alias such as "champion"'

async function listArtifacts(
  { store, artifacts, locations }: ServedStores,
  { runId, path }: CallRequest<'listArtifacts'>,
): Promise<CallResponse<'listArtifacts'>> {
  const below = checkFolderPath(path)
  const { artifactUri = '' } = (await store.getRun({ runId })).run.info
  const files = await artifacts.list(joinPaths(locations.pathOf(artifactUri), below))
  return {
    rootUri: artifactUri,
    files: files.map((file) => ({ ...file, path: joinPaths(below, file.path) })),
  }
}

export function joinPaths(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('/')
}

/** What came in the query of a GET, or in the JSON body of the others, with the values in the path. */
function readRequest(request: FastifyRequest, shape: Shape): Record<string, unknown> {
  const given = request.method === 'GET' ? queryOf(request, shape) : bodyOf(request)
  const { '*': tagKey, ...named } = request.params as Record<string, string>
  return { ...given, ...named, ...(tagKey === undefined ? {} : { tag_key: tagKey }) }
}

/** A key given several times is a list; a list's key given once is a list of one. Of other keys the first counts. */
function queryOf(request: FastifyRequest, shape: Shape): Record<string, unknown> {
  const lists = new Set(Object.entries(shape).flatMap(([key, field]) => (field.list ? [wireName(key)] : [])))
  const entries = Object.entries(request.query as Record<string, string | string[]>).map(([key, value]) => {
    const values = Array.isArray(value) ? value : [value]
    return [key, lists.has(key) ? values : values[0]]
  })
  return Object.fromEntries(entries)
}

function bodyOf(request: FastifyRequest): Record<string, unknown> {
  checkContentType(request.headers['content-type'])
  const body = (request.body as string | null | undefined) ?? ''
  const parsed = body.trim() === '' ? {} : parseJson(body)
  // old clients send the JSON as a JSON text
  const value = typeof parsed === 'string' ? parseJson(parsed) : parsed
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>
  return refuse('BAD_REQUEST', 'Bad Request. The body must be a JSON object')
}

function checkContentType(contentType: string | undefined): void {
  if (contentType === undefined)
    refuse('INVALID_PARAMETER_VALUE', 'Bad Request. Content-Type header is missing.')
  if (contentType.split(';')[0]!.trim().toLowerCase() !== 'application/json') {
    refuse('INVALID_PARAMETER_VALUE', "Bad Request. Content-Type must be one of ['application/json'].")
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    return refuse('BAD_REQUEST', `Bad Request. The body is not JSON: ${(error as Error).message}`)
  }
}

const METHODS: readonly (Method | 'PUT')[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']

/** 405 for a known path with another method, 404 for any other path of the API. */
function addRefusals(app: FastifyInstance): void {
  const served = new Map<string, Set<string>>()
  for (const endpoint of Object.values<Endpoint>(ENDPOINTS)) {
    for (const url of urlsOf(endpoint)) {
      served.set(url, new Set([...(served.get(url) ?? []), ...endpoint.methods]))
    }
  }
  for (const [url, methods] of served) {
    const others = METHODS.filter((method) => !methods.has(method))
    const allowed = [...methods].join(', ')
    app.route({
      method: others,
      url,
      exposeHeadRoute: false,
      config: { effect: 'read' },
      handler: () => refuse('METHOD_NOT_ALLOWED', `The method is not allowed; allowed: ${allowed}`),
    })
  }
  for (const prefix of API_PREFIXES) {
    app.all(`${prefix}/mlflow/*`, { config: { effect: 'read' } }, (request) => {
      const path = request.url.split('?')[0]!.slice(0, 200)
      return refuse('ENDPOINT_NOT_FOUND', `No endpoint ${request.method} ${path}`)
    })
  }
}
