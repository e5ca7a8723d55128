import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createLogger, createRandom, MlflowClient, setTrackingUri } from 'fds-system'
import { type Service, startService } from '../../src/pipeline/start-service.ts'
import { startTracking } from '../../src/pipeline/start-tracking.ts'

/** A blank of an exercise: fits every place, is undefined when the cell runs, and is to be written over. */
export const TODO = undefined as never

/** An empty folder for a notebook's state, in the project's own, so that "Run all" always begins at the same point. */
export function courseHome(notebook: string): string {
  const home = join(import.meta.dirname, '../../.fds/notebooks', notebook)
  rmSync(home, { recursive: true, force: true })
  mkdirSync(home, { recursive: true })
  return home
}

/** A tracking server of our own on a free port; `startRun`, `logMetrics` and the like speak to it from then on. */
export async function courseTracking(
  home: string,
): Promise<{ readonly address: string; readonly client: MlflowClient }> {
  const { address } = await startTracking({ ...settingsOf(home), host: '127.0.0.1', port: 0 })
  setTrackingUri(address)
  return { address, client: new MlflowClient(address) }
}

/** The whole service on a free port: decisions, tracking and registry, the same that `npm start` runs. */
export async function courseService(home: string): Promise<Service> {
  const service = await startService({
    ...settingsOf(home),
    host: '127.0.0.1',
    port: 0,
    modelName: 'fraud_detector',
  })
  setTrackingUri(service.address)
  return service
}

function settingsOf(home: string) {
  return {
    home,
    artifactRoot: join(home, 'artifacts'),
    now: Date.now,
    random: createRandom(Date.now()),
    logger: createLogger('error'),
  }
}
