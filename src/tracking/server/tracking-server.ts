import { mkdirSync } from 'node:fs'
import { type FastifyInstance, type FastifyPluginAsync, fastify } from 'fastify'
import { FdsError } from '../../errors.ts'
import type { Logger } from '../../log.ts'
import { createArtifactLocations } from '../artifacts/artifact-locations.ts'
import { createFolderArtifacts } from '../artifacts/artifact-store.ts'
import type { Transport } from '../client/transport.ts'
import { MLFLOW_VERSION } from '../protocol/endpoints.ts'
import { createName } from '../store/create-name.ts'
import { openSqliteStore } from '../store/open-sqlite-store.ts'
import type { TrackingStore } from '../store/tracking-store.ts'
import { createErrorHandler } from './answer-error.ts'
import { addArtifactRoutes } from './artifact-routes.ts'
import { type GuardOptions, guardRoutes } from './guards.ts'
import { createInjectTransport } from './inject-transport.ts'
import { addJsonRoutes, type ServedStores } from './json-routes.ts'
import {
  addMetricsRoute,
  createRequestMetrics,
  type RequestMetrics,
  type TrackingMetrics,
} from './metrics.ts'
import { addPageRoutes } from './page-routes.ts'

/** Draws the random part of run and model ids; `Random` of `math/` fits, seeded from entropy. */
export interface IdSource {
  uint32(): number
}

export interface TrackingServerInput extends GuardOptions {
  /** Folder that holds `tracking.db`; made if absent. */
  readonly home: string
  /** `postgres://…`: the store lies in that database instead of the home. */
  readonly databaseUrl?: string | undefined
  /** Folder that holds the artifacts, made if absent; a `file:` URL says that clients share that folder. */
  readonly artifactRoot: string
  readonly now: () => number
  readonly random: IdSource
  readonly logger: Logger
}

export interface TrackingServer {
  /** All MLflow paths, with their own error shape and guards; `health` and `metrics` add those two paths. */
  readonly routes: FastifyPluginAsync<RouteOptions>
  /** Counts of the requests to `routes`, for an app whose `/metrics` shows several things. */
  readonly metrics: TrackingMetrics
  /** The same server without a socket, for a client in the same process; guards and keys do not apply. */
  readonly transport: Transport
  close(): Promise<void>
}

export interface RouteOptions {
  /** `GET /health`, open to everybody. */
  readonly health?: boolean
  /** `GET /metrics`, with the metrics of the process, for who may read. */
  readonly metrics?: boolean
}

/**
 * The embedded tracking server and registry: MLflow's REST API over SQLite or PostgreSQL and a local artifact
 * folder. Several processes may open the same home or database at once. STORAGE_FAILED if the database or the
 * folder cannot be opened, CONFIG_INVALID for an artifact root that is neither a path nor a `file:` URL.
 */
export async function createTrackingServer(input: TrackingServerInput): Promise<TrackingServer> {
  const locations = createArtifactLocations(input.artifactRoot)
  const createId = () => newId(input)
  makeFolder(locations.folder)
  const given = { ...input, locations, createId, createName: () => createName(input.random) }
  const store = await openStore(given)
  const stores = { store, locations, artifacts: createFolderArtifacts(locations.folder, createId) }
  const metrics = createRequestMetrics()
  // a server that only listens never makes it
  let local: FastifyInstance | undefined
  const openLocal = () => (local ??= createLocalApp(createRoutes(stores, input.logger)))
  return {
    routes: createRoutes(stores, input.logger, { ...input, counters: metrics }),
    metrics,
    transport: createInjectTransport(openLocal),
    close: async () => {
      await local?.close()
      await store.close()
    },
  }
}

/** The driver of PostgreSQL is loaded by those alone who need it. */
async function openStore({
  databaseUrl,
  ...given
}: Parameters<typeof openSqliteStore>[0] &
  Pick<TrackingServerInput, 'databaseUrl' | 'logger'>): Promise<TrackingStore> {
  if (databaseUrl === undefined) return openSqliteStore(given)
  const { openPostgresStore } = await import('../store/open-postgres-store.ts')
  return openPostgresStore({ ...given, databaseUrl })
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
  outside?: GuardOptions & { readonly counters: RequestMetrics },
): FastifyPluginAsync<RouteOptions> {
  return async (app, { health = false, metrics = false }) => {
    app.setErrorHandler(createErrorHandler(logger))
    if (outside) {
      outside.counters.count(app)
      guardRoutes(app, outside)
      if (metrics) addMetricsRoute(app, outside.counters)
    }
    // MLflow documents its protocol; the OpenAPI page of the app that mounts this shows that app's own routes
    app.addHook('onRoute', (route) => {
      route.schema = { ...route.schema, hide: true }
    })
    app.get('/version', OPEN, (_, reply) => reply.type('text/plain').send(MLFLOW_VERSION))
    if (health) app.get('/health', OPEN, (_, reply) => reply.type('text/plain').send('OK'))
    // each kind of body has its own parsers, so its own scope
    await app.register(async (scope) => addJsonRoutes(scope, stores))
    await app.register(async (scope) => addArtifactRoutes(scope, stores))
    await app.register(async (scope) => addPageRoutes(scope))
  }
}

const OPEN = { config: { effect: 'none' } } as const

function createLocalApp(routes: FastifyPluginAsync): FastifyInstance {
  const app = fastify({ logger: false })
  app.register(routes)
  return app
}

/** 32 hexadecimal digits: the time, so that two processes with equal chance differ, and 80 random bits. */
function newId({ now, random }: Pick<TrackingServerInput, 'now' | 'random'>): string {
  const drawn = Array.from({ length: 3 }, () => random.uint32().toString(16).padStart(8, '0')).join('')
  return now().toString(16).padStart(12, '0').slice(-12) + drawn.slice(0, 20)
}
