import type { Logger } from '../log.ts'
import type { Random } from '../math/random.ts'
import {
  type AccessPolicy,
  type ConnectionEnvironment,
  createTrackingServer,
  environmentOptions,
  MlflowClient,
  type TrackingServer,
} from '../tracking/index.ts'

export interface TrackingSettings {
  readonly home: string
  /** `postgres://…` for the embedded server's store; a file in the home when absent. */
  readonly databaseUrl?: string | undefined
  readonly artifactRoot: string
  /** A real MLflow server; the embedded one on `home` when absent. */
  readonly trackingUri?: string | undefined
  /** What another server is sent. */
  readonly apiKey?: string | undefined
  /** How another server is reached, as the variables of MLflow's Python client say it. */
  readonly mlflow?: ConnectionEnvironment | undefined
  /** Who may do what on the embedded server; everybody everything when absent. */
  readonly access?: AccessPolicy | undefined
  /** Host names of the embedded server besides loopback and private addresses. */
  readonly allowedHosts?: readonly string[] | undefined
  /** How long a call to another server is tried; 300 s by default. */
  readonly deadlineMs?: number
  readonly now: () => number
  readonly random: Random
  readonly logger: Logger
}

export interface TrackingSession {
  readonly client: MlflowClient
  /** The embedded server, absent when `trackingUri` names another. */
  readonly server?: TrackingServer
  close(): Promise<void>
}

/**
 * Opens the way to tracking: a client of the server that `trackingUri` names, or the embedded server in this
 * process, reached through the same protocol without a socket. Several processes may share one home.
 */
export async function openTracking(settings: TrackingSettings): Promise<TrackingSession> {
  const { home, databaseUrl, artifactRoot, trackingUri, apiKey, mlflow, deadlineMs } = settings
  const { access, allowedHosts, now, random, logger } = settings
  if (trackingUri !== undefined) {
    const patience = deadlineMs === undefined ? {} : { deadlineMs }
    const key = apiKey === undefined ? {} : { apiKey }
    const options = { ...(mlflow && environmentOptions(mlflow)), ...key, ...patience }
    return { client: new MlflowClient({ uri: trackingUri, now, ...options }), close: async () => {} }
  }
  const server = await createTrackingServer({
    home,
    databaseUrl,
    artifactRoot,
    now,
    random,
    logger,
    access,
    allowedHosts,
  })
  const client = new MlflowClient({ uri: 'http://embedded', transport: server.transport, now })
  return { client, server, close: () => server.close() }
}
