import { randomBytes } from 'node:crypto'
import {
  buildApp,
  createDecisionLog,
  createTransactionId,
  type Durability,
  type Fallback,
  listen,
  lockHome,
  openServingDatabase,
  watchModels,
} from '../serving/index.ts'
import { openAbService } from './ab-service.ts'
import { type AccessSettings, openAccess } from './open-access.ts'
import { openTracking, type TrackingSession, type TrackingSettings } from './open-tracking.ts'
import type { WorkerLink } from './worker-link.ts'

export const MODEL_NAME = 'fraud_detector'

export interface ServiceSettings extends Omit<TrackingSettings, 'access'>, AccessSettings {
  readonly host: string
  /** 0 takes a free port. */
  readonly port: number
  readonly modelName: string
  /** When a decision counts as stored; `group` by default. */
  readonly durability?: Durability | undefined
  /** What is answered when no model can score; `none`, a refusal, by default. */
  readonly fallback?: Fallback | undefined
  /** Requests a second that one client may send; no limit when absent. */
  readonly rateLimit?: number | undefined
  /** Between two looks at which an A/B test may promote or stop by itself; an hour by default. */
  readonly autoEveryMs?: number | undefined
  /** Runs once the home is held and tracking is open, before the first request; makes a first champion, say. */
  readonly prepare?: (tracking: TrackingSession) => Promise<void>
  /** The line to the process that started this one, which holds the home for it. */
  readonly worker?: Pick<WorkerLink, 'shareMetrics' | 'troubles'>
}

export interface Service {
  /** Such as http://127.0.0.1:8000. */
  readonly address: string
  readonly tracking: TrackingSession
  /** Stops accepting, finishes what is under way, syncs the log, lets the home go. */
  close(): Promise<void>
}

/**
 * Starts the whole service on one home: decisions, tracking and registry on one port. HOME_IN_USE when another
 * server holds the home, PORT_IN_USE when the port is taken; whatever was opened by then is closed again.
 */
export async function startService(settings: ServiceSettings): Promise<Service> {
  const { host, port, modelName, home, now, logger, worker, fallback, rateLimit } = settings
  const access = openAccess(settings)
  const undo: (() => void | Promise<void>)[] = worker ? [] : [lockHome(home)]
  const close = async () => {
    for (const step of undo.splice(0).reverse()) await step()
  }
  try {
    // the watcher must notice a moved alias soon after an outage, so no call may be tried for minutes
    const tracking = await openTracking({ deadlineMs: 5000, ...settings, access })
    undo.push(() => tracking.close())
    await settings.prepare?.(tracking)
    // the app takes over both and closes them; closing again is harmless, and needed if it is never built
    const database = await openServingDatabase(settings)
    const log = createDecisionLog(database, settings)
    undo.push(() => log.close())
    // its thread starts now and not with the first payment; /ready tells whether it can write
    await log.checkWritable().catch(() => {})
    const models = await watchModels({ client: tracking.client, name: modelName, now, logger })
    undo.push(() => models.close())
    const mounted = tracking.server && { tracking: tracking.server }
    const createId = createTransactionId({ now, randomBytes })
    const experiments = await openAbService({ ...settings, database, client: tracking.client, createId })
    const { desk, experiment } = experiments
    const app = buildApp({
      desk,
      experiment,
      experimentHealth: experiments.health,
      models,
      log,
      logger,
      now,
      createId,
      access,
      host,
      fallback,
      rateLimit,
      ...worker,
      troubles: () => [...(worker?.troubles() ?? []), ...experiments.troubles()],
      ...mounted,
    })
    undo.push(
      () => app.close(),
      () => experiments.close(),
    )
    return { address: await listen(app, { host, port, isShared: worker !== undefined }), tracking, close }
  } catch (error) {
    await close()
    throw error
  }
}
