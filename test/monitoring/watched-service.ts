import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { SIMULATED_ROLES, type Table } from '../../src/data/index.ts'
import { openTracking } from '../../src/pipeline/open-tracking.ts'
import { registerModel } from '../../src/pipeline/register-model.ts'
import { trackTrained } from '../../src/pipeline/track-trained.ts'
import { trainModel } from '../../src/pipeline/train-model.ts'
import type { MlflowClient } from '../../src/tracking/index.ts'
import type { Settings } from '../champion.ts'
import { startFds } from '../fds.ts'

/** `fds serve` with two workers, and what may happen to it. */
export interface WatchedService {
  readonly address: string
  /** Lets the disk be full: no file can be written any more. */
  fillDisk(): void
  freeDisk(): void
  /** Keeps the log's database to another writer, as a backup does; gives back once it is free again. */
  lockLog(milliseconds: number): Promise<void>
  stop(): Promise<unknown>
}

/** A champion and a challenger that learned from the same world, in an A/B test. */
export async function startWatchedService(settings: Settings, learned: Table): Promise<WatchedService> {
  const tracking = await openTracking(settings)
  await register(tracking.client, { learned, alias: 'champion', trees: 60 })
  await register(tracking.client, { learned, alias: 'challenger', trees: 50 })
  await tracking.close()
  const service = await startFds(['serve', '--port', '0', '--workers', '2', '--home', settings.home])
  const workers = childrenOf(service.process.pid!)
  const log = new DatabaseSync(join(settings.home, 'decisions.db'), { timeout: 5000 })
  let ended: Promise<unknown> | undefined
  const limitFiles = (bytes: string) => {
    for (const pid of workers) execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:unlimited`])
  }
  return {
    address: service.address,
    fillDisk: () => limitFiles('1'),
    freeDisk: () => limitFiles('unlimited'),
    lockLog: async (milliseconds) => {
      log.exec('BEGIN IMMEDIATE')
      await sleep(milliseconds)
      log.exec('ROLLBACK')
    },
    stop: () => {
      if (log.isOpen) log.close()
      ended ??= service.stop()
      return ended
    },
  }
}

async function register(
  client: MlflowClient,
  { learned, alias, trees }: { learned: Table; alias: string; trees: number },
): Promise<void> {
  const trained = trainModel({
    table: learned,
    roles: SIMULATED_ROLES,
    params: { n_estimators: trees, max_depth: 5, learning_rate: 0.15 },
    holdout: 0.2,
    seed: 1,
    now: Date.now,
  })
  const { runId } = await trackTrained({ client, trained, now: Date.now })
  await registerModel({ client, runId, name: 'fraud_detector', alias, actor: 'test' })
}

function childrenOf(pid: number): number[] {
  return execFileSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map(Number)
}
