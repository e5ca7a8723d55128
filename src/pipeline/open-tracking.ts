import type { Logger } from '../log.ts'
import type { Random } from '../math/random.ts'
import { keyCheck } from '../serving/guard-state.ts'
import { createTrackingServer, MlflowClient, type TrackingServer } from '../tracking/index.ts'

export interface TrackingSettings {
  readonly home: string
  readonly artifactRoot: string
  /** A real MLflow server; the embedded one on `home` when absent. */
  readonly trackingUri?: string | undefined
  /** What the embedded server demands of calls that change state, and what another server is sent. */
  readonly apiKey?: string | undefined
  /** How long a call to another server is tried; 120 s by default. */
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
  const { home, artifactRoot, trackingUri, apiKey, deadlineMs, now, random, logger } = settings
  if (trackingUri !== undefined) {
    const patience = deadlineMs === undefined ? {} : { deadlineMs }
    const key = apiKey === undefined ? {} : { apiKey }
    return { client: new MlflowClient({ uri: trackingUri, now, ...key, ...patience }), close: async () => {} }
  }
  const guard = apiKey === undefined ? {} : { authorize: keyCheck(apiKey) }
  const server = createTrackingServer({ home, artifactRoot, now, random, logger, ...guard })
  const client = new MlflowClient({ uri: 'http://embedded', transport: server.transport, now })
  return { client, server, close: () => server.close() }
}
