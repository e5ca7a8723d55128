import { mkdirSync } from 'node:fs'
import { type FastifyInstance, type FastifyPluginAsync, type FastifyRequest, fastify } from 'fastify'
import { FdsError } from '../../errors.ts'
import type { Logger } from '../../log.ts'
import { createArtifactLocations } from '../artifacts/artifact-locations.ts'
import { createFolderArtifacts } from '../artifacts/artifact-store.ts'
import type { Transport } from '../client/transport.ts'
import { MLFLOW_VERSION } from '../protocol/endpoints.ts'
import { createName } from '../store/create-name.ts'
import { openSqliteStore } from '../store/open-sqlite-store.ts'
import { createErrorHandler } from './answer-error.ts'
import { addArtifactRoutes } from './artifact-routes.ts'
import { checkRequest } from './guards.ts'
import { addJsonRoutes, type Guard, type ServedStores } from './json-routes.ts'

/** Draws the random part of run and model ids; `Random` of `math/` fits, seeded from entropy. */
export interface IdSource {
  uint32(): number
}

export interface TrackingServerInput {
  /** Folder that holds `tracking.db`; made if absent. */
  readonly home: string
  /** Folder that holds the artifacts, made if absent; a `file:` URL says that clients share that folder. */
  readonly artifactRoot: string
  readonly now: () => number
  readonly random: IdSource
  readonly logger: Logger
  /** Asked before a call that changes state; `false` answers 401. Default: everybody may. */
  readonly authorize?: (request: FastifyRequest) => boolean
  /** Host names that may be asked for besides loopback and private addresses, without ports. */
  readonly allowedHosts?: readonly string[]
}

export interface TrackingServer {
  /** All MLflow paths, with their own error shape and guards; `health: true` adds `GET /health`. */
  readonly routes: FastifyPluginAsync<{ health?: boolean }>
  /** The same server without a socket, for a client in the same process; guards and keys do not apply. */
  readonly transport: Transport
  close(): Promise<void>
}

/**
 * The embedded tracking server and registry: MLflow's REST API over SQLite and a local artifact folder. Several
 * processes may open the same home at once. STORAGE_FAILED if the database or the folder cannot be opened,
 * CONFIG_INVALID for an artifact root that is neither a path nor a `file:` URL.
 */
export function createTrackingServer(input: TrackingServerInput): TrackingServer {
  const locations = createArtifactLocations(input.artifactRoot)
  const createId = () => newId(input)
  makeFolder(locations.folder)
  const store = openSqliteStore({ ...input, locations, createId, createName: () => createName(input.random) })
  const stores = { store, locations, artifacts: createFolderArtifacts(locations.folder, createId) }
  const guard: Guard = (request, changesState) => checkRequest(request, changesState, input)
  const local = createLocalApp(createRoutes(stores, input.logger, () => {}))
  return {
    routes: createRoutes(stores, input.logger, guard),
    transport: createInjectTransport(local),
    close: async () => {
      await local.close()
      await store.close()
    },
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true })
  } catch (cause) {
    throw new FdsError('STORAGE_FAILED', { what: folder, reason: (cause as Error).message }, { cause })
  }
}

function createRoutes(
  stores: ServedStores,
  logger: Logger,
  guard: Guard,
): FastifyPluginAsync<{ health?: boolean }> {
  return async (app, { health = false }) => {
    app.setErrorHandler(createErrorHandler(logger))
    // MLflow documents its protocol; the OpenAPI page of the app that mounts this shows that app's own routes
    app.addHook('onRoute', (route) => {
      route.schema = { ...route.schema, hide: true }
    })
    app.get('/version', (_, reply) => reply.type('text/plain').send(MLFLOW_VERSION))
    if (health) app.get('/health', (_, reply) => reply.type('text/plain').send('OK'))
    for (const prefix of ['/api/3.0', '/ajax-api/3.0']) {
      app.get(`${prefix}/mlflow/server-info`, async () => ({
        store_type: 'SqlStore',
        workspaces_enabled: false,
      }))
    }
    // each kind of body has its own parsers, so its own scope
    await app.register(async (scope) => addJsonRoutes(scope, stores, guard))
    await app.register(async (scope) => addArtifactRoutes(scope, stores, guard))
  }
}

function createLocalApp(routes: FastifyPluginAsync): FastifyInstance {
  const app = fastify({ logger: false })
  app.register(routes)
  return app
}

function createInjectTransport(app: FastifyInstance): Transport {
  return async ({ method, path, query, headers, body }) => {
    const payload = typeof body === 'string' ? body : body && Buffer.from(body)
    const url = query ? `${path}?${query}` : path
    const response = await app.inject({
      method: method as 'GET',
      url,
      headers,
      ...(payload === undefined ? {} : { payload }),
    })
    const texts = Object.entries(response.headers).map(([name, value]) => [name, String(value)])
    return {
      status: response.statusCode,
      headers: Object.fromEntries(texts),
      body: new Uint8Array(response.rawPayload),
    }
  }
}

/** 32 hexadecimal digits: the time, so that two processes with equal chance differ, and 80 random bits. */
function newId({ now, random }: Pick<TrackingServerInput, 'now' | 'random'>): string {
  const drawn = Array.from({ length: 3 }, () => random.uint32().toString(16).padStart(8, '0')).join('')
  return now().toString(16).padStart(12, '0').slice(-12) + drawn.slice(0, 20)
}
