import type { FastifyInstance } from 'fastify'
import { FdsError } from '../errors.ts'
import type { Logger } from '../log.ts'
import type { Random } from '../math/random.ts'
import { isLoopback } from '../serving/http/guard-browser.ts'
import { listen } from '../serving/http/listen.ts'
import { createTrackingApp } from '../tracking/server/tracking-app.ts'
import { createTrackingServer } from '../tracking/server/tracking-server.ts'
import { type AccessSettings, openAccess } from './open-access.ts'

export interface TrackingServiceSettings extends AccessSettings {
  readonly home: string
  /** `postgres://…`: the store lies there instead of in the home. */
  readonly databaseUrl?: string | undefined
  readonly artifactRoot: string
  readonly allowedHosts?: readonly string[] | undefined
  readonly host: string
  /** 0 takes a free port. */
  readonly port: number
  /** Lets everybody who reaches the address read and change everything. */
  readonly allowAnonymous?: boolean | undefined
  readonly now: () => number
  readonly random: Random
  readonly logger: Logger
}

export interface TrackingService {
  /** Such as http://127.0.0.1:5000. */
  readonly address: string
  /** Whether a call needs a credential. */
  readonly guarded: boolean
  /** Stops accepting, answers what is under way (for eight seconds at most), closes the store. */
  close(): Promise<void>
}

/**
 * Starts the tracking server alone. USAGE for an address that others reach without a credential being set, PORT_IN_USE
 * and ADDRESS_UNUSABLE as `listen`; whatever was opened by then is closed again.
 */
export async function startTracking(settings: TrackingServiceSettings): Promise<TrackingService> {
  const access = openAccess(settings)
  if (!access) requireOwnMachine(settings)
  const server = await createTrackingServer({ ...settings, access })
  const app = createTrackingApp(server, settings.logger)
  closeGently(app)
  app.addHook('onClose', () => server.close())
  try {
    return { address: await listen(app, settings), guarded: access !== undefined, close: () => app.close() }
  } catch (error) {
    await app.close()
    throw error
  }
}

const DRAIN_LOOK_MS = 50
/** What is not answered by then is cut off; supervisors kill after ten seconds or more. */
const DRAIN_MS = 8000

/** Closing lets answers under way leave; a connection that has fallen idle by that goes, its caller need not go first. */
function closeGently(app: FastifyInstance): void {
  const timers: NodeJS.Timeout[] = []
  app.addHook('preClose', (done) => {
    timers.push(setInterval(() => app.server.closeIdleConnections(), DRAIN_LOOK_MS))
    timers.push(setTimeout(() => app.server.closeAllConnections(), DRAIN_MS))
    done()
  })
  app.addHook('onClose', async () => {
    for (const timer of timers) clearTimeout(timer)
  })
}

function requireOwnMachine({ host, allowAnonymous }: TrackingServiceSettings): void {
  if (allowAnonymous || isLoopback(host)) return
  throw new FdsError('USAGE', {
    reason:
      `Whoever reaches ${host} could read and change every run and model: set FDS_API_KEY or FDS_USERS_FILE, ` +
      'or say --allow-anonymous',
  })
}
