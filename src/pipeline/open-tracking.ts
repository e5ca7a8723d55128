import type { Logger } from '../log.ts'
import type { Random } from '../math/random.ts'
import { createTrackingServer, MlflowClient, type TrackingServer } from '../tracking/index.ts'

export interface TrackingSettings {
  readonly home: string
  readonly artifactRoot: string
  /** A real MLflow server; the embedded one on `home` when absent. */
  readonly trackingUri?: string | undefined
  readonly apiKey?: string | undefined
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
  const { home, artifactRoot, trackingUri, apiKey, now, random, logger } = settings
  if (trackingUri !== undefined) {
    return {
      client: new MlflowClient({ uri: trackingUri, now, ...(apiKey !== undefined && { apiKey }) }),
      close: async () => {},
    }
  }
  const server = createTrackingServer({ home, artifactRoot, now, random, logger })
  const client = new MlflowClient({ uri: 'http://embedded', transport: server.transport, now })
  return { client, server, close: () => server.close() }
}
