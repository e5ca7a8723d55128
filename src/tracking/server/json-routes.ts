import type { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import type { ServedLocations } from '../artifacts/artifact-locations.ts'
import type { ArtifactStore } from '../artifacts/artifact-store.ts'
import type { Endpoint, Method } from '../protocol/endpoint.ts'
import {
  API_PREFIXES,
  type CallRequest,
  type CallResponse,
  ENDPOINTS,
  type EndpointName,
  pathsOf,
} from '../protocol/endpoints.ts'
import { decodeMessage, encodeMessage, type MessageOf, type Shape } from '../protocol/fields.ts'
import { refuse } from '../protocol/refusal.ts'
import type { Caller, ServerCall, TrackingStore } from '../store/tracking-store.ts'
import { userOf } from './access.ts'
import {
  createPresignedDownloadUrl,
  createPresignedUploadUrl,
  listArtifacts,
  listLoggedModelArtifacts,
} from './file-calls.ts'
import { readRequest } from './read-request.ts'
import { streamHistory } from './stream-history.ts'

export interface ServedStores {
  readonly store: TrackingStore
  readonly artifacts: ArtifactStore
  readonly locations: ServedLocations
}

/** Routes for every JSON call of the protocol, under both prefixes; 405 for the other methods of their paths. */
export function addJsonRoutes(app: FastifyInstance, stores: ServedStores): void {
  app.removeAllContentTypeParsers()
  // bytes, because a text would hide what is no UTF-8
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: LARGEST_BODY }, (_, body, done) =>
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
      reply.type('application/json')
      return answerCall(stores, { name, message, caller: { user: userOf(request) } })
    },
  })
}

/** `{model_id}` takes one segment; a tag's key, which ends its path, may hold slashes. */
function urlsOf(endpoint: Endpoint): string[] {
  return pathsOf(endpoint).map((path) => path.replace(/\{tag_key\}$/, '*').replace(/\{(\w+)\}/g, ':$1'))
}

interface ServedCall {
  readonly name: EndpointName
  readonly message: MessageOf<Shape>
  readonly caller: Caller
}

async function answerCall(
  stores: ServedStores,
  { name, message, caller }: ServedCall,
): Promise<string | Readable> {
  if (name === 'getMetricHistory') {
    return streamHistory(stores.store, message as CallRequest<'getMetricHistory'>)
  }
  const answer = isServerCall(name)
    ? await (SERVER_CALLS[name] as OwnCall)(stores, message)
    : await (stores.store[name] as StoreCall)(message, caller)
  return JSON.stringify(encodeMessage<Shape>(ENDPOINTS[name].response, answer))
}

type OwnCall = (stores: ServedStores, request: MessageOf<Shape>) => Promise<MessageOf<Shape>>
type StoreCall = (request: MessageOf<Shape>, caller: Caller) => Promise<MessageOf<Shape>>

/** What the server answers without the store, or with more than the store. */
const SERVER_CALLS: {
  readonly [N in ServerCall]: (stores: ServedStores, request: CallRequest<N>) => Promise<CallResponse<N>>
} = {
  listArtifacts,
  listLoggedModelArtifacts,
  createPresignedUploadUrl,
  createPresignedDownloadUrl,
  transitionModelVersionStage: refuseStage,
}

function isServerCall(name: EndpointName): name is ServerCall {
  return Object.hasOwn(SERVER_CALLS, name)
}

type VersionKey = CallRequest<'getModelVersion'>

async function refuseStage({ store }: ServedStores, { name, version }: VersionKey): Promise<never> {
  await store.getModelVersion({ name, version })
  return refuse('BAD_REQUEST', NO_STAGES)
}

const NO_STAGES =
  'Model stages are deprecated in MLflow and not supported here. Use aliases instead: ' +
  'POST registered-models/alias with an alias such as "champion"'

/** 405 for a known path with another method, 404 for any other path of the API. One route for all: routes cost start-up. */
function addRefusals(app: FastifyInstance): void {
  for (const folder of API_PREFIXES.flatMap((prefix) => [`${prefix}/mlflow`, `${prefix}/fds`])) {
    app.all(`${folder}/*`, { config: { effect: 'read' } }, (request) => {
      const path = `${folder}/${(request.params as { '*': string })['*']}`
      const allowed = methodsOf(path)
      if (allowed.length > 0) {
        refuse('METHOD_NOT_ALLOWED', `The method is not allowed; allowed: ${allowed.join(', ')}`)
      }
      return refuse('ENDPOINT_NOT_FOUND', `No endpoint ${request.method} ${path.slice(0, 200)}`)
    })
  }
}

/** The methods that a path is served by; none for an unknown path. */
function methodsOf(path: string): Method[] {
  const served = Object.values<Endpoint>(ENDPOINTS).filter((endpoint) =>
    pathsOf(endpoint).some((pattern) => patternOf(pattern).test(path)),
  )
  return [...new Set(served.flatMap(({ methods }) => methods))]
}

function patternOf(path: string): RegExp {
  const source = path
    .replaceAll('.', '\\.')
    .replace(/\{tag_key\}$/, '.+')
    .replace(/\{\w+\}/g, '[^/]+')
  return new RegExp(`^${source}$`, 's')
}
