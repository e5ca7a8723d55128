// A home with a champion, trained on simulated payments through the real journey.
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { SIMULATED_ROLES, simulateTransactions, writeTable } from '../src/data/index.ts'
import { createLogger } from '../src/log.ts'
import { createRandom } from '../src/math/random.ts'
import { openTracking } from '../src/pipeline/open-tracking.ts'
import { type TrainResult, trainFromFile } from '../src/pipeline/train-from-file.ts'

export const PARAMS = { n_estimators: 60, max_depth: 5, learning_rate: 0.15 }
export const ROWS = 20_000

/** Settings of a home of its own, which goes away when the test file ends. */
export function temporarySettings() {
  const home = mkdtempSync(join(tmpdir(), 'fds-test-'))
  after(() => rmSync(home, { recursive: true, force: true }))
  return {
    home,
    artifactRoot: join(home, 'artifacts'),
    now: Date.now,
    random: createRandom(randomUUID().length),
    logger: createLogger('silent'),
  }
}

export type Settings = ReturnType<typeof temporarySettings>

/** Writes simulated payments, trains on them and makes the version champion. */
export async function trainChampion(settings: Settings): Promise<{ file: string; result: TrainResult }> {
  const file = join(settings.home, 'payments.parquet')
  await writeTable(file, simulateTransactions({ rows: ROWS, seed: 5 }).table)
  const tracking = await openTracking(settings)
  const result = await trainFromFile({
    client: tracking.client,
    file,
    roles: SIMULATED_ROLES,
    text: [SIMULATED_ROLES.id],
    params: PARAMS,
    holdout: 0.2,
    seed: 1,
    register: 'fraud_detector',
    alias: 'champion',
    now: Date.now,
  })
  await tracking.close()
  return { file, result }
}
