import { findPort, lockHome, openDecisionLog } from '../serving/index.ts'
import { openAccess } from './open-access.ts'
import { openTracking } from './open-tracking.ts'
import { type ServiceSettings, startService } from './start-service.ts'
import { openWorkerLink } from './worker-link.ts'
import { startWorkerPool, type WorkerPool, type WorkerPoolInput } from './worker-pool.ts'

export interface WorkersSettings extends ServiceSettings {
  readonly workers: number
  /** The program that each worker runs, without its port. */
  readonly program: WorkerPoolInput['program']
}

/**
 * Starts the service as several processes on one port. This process holds the home, makes its tables, runs `prepare`
 * once and starts the workers, each with its own tracking session and decision log; it answers no request itself.
 * Errors are those of `startService`, and WORKERS_FAILED.
 */
export async function startWorkers(settings: WorkersSettings): Promise<WorkerPool> {
  const { home, host, workers, program, logger } = settings
  const release = lockHome(home)
  try {
    await prepareHome(settings)
    // found once, so that workers which start later take the same one
    const port = await findPort({ host, port: settings.port })
    const args = [...program.args, '--port', String(port)]
    const pool = await startWorkerPool({ count: workers, program: { ...program, args }, logger })
    const close = async () => {
      await pool.close()
      release()
    }
    return { ...pool, close }
  } catch (error) {
    release()
    throw error
  }
}

/**
 * Runs the service in a process that `startWorkers` started, until `stopped`. Why it cannot start is told to that
 * process, which tells the person; gives whether it could.
 */
export async function serveAsWorker(settings: ServiceSettings, stopped: Promise<void>): Promise<boolean> {
  const link = openWorkerLink()
  const service = await startService({ ...settings, worker: link }).catch((error) => link.failed(error))
  if (service) {
    link.ready(service.address)
    await stopped
    await service.close()
  }
  await link.close()
  return service !== undefined
}

async function prepareHome(settings: ServiceSettings): Promise<void> {
  const tracking = await openTracking({ deadlineMs: 5000, ...settings, access: openAccess(settings) })
  try {
    await settings.prepare?.(tracking)
  } finally {
    await tracking.close()
  }
  // makes the tables or brings them to the newest layout, before several would
  await (await openDecisionLog(settings)).close()
}
