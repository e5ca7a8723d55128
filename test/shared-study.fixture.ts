import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createLogger } from '../src/log.ts'
import { createRandom } from '../src/math/random.ts'
import { openTracking } from '../src/pipeline/open-tracking.ts'
import { TrackingStorage } from '../src/pipeline/tracking-storage.ts'
import { loadStudy } from '../src/tuning/index.ts'

/** Where the workers of a study meet. */
export interface Meeting {
  readonly home: string
  readonly studyName: string
  readonly trials: number
  readonly databaseUrl?: string
}

export interface Worker {
  readonly process: ChildProcess
  /** Number and value of each trial whose end was acknowledged. */
  readonly acknowledged: (readonly [number: number, value: number])[]
  /** Resolves with the exit code, or the signal's name. */
  readonly ended: Promise<number | string>
}

/** Starts a process that runs trials of the study, two at once, `pauseMs` each. */
export function startWorker({ home, studyName, trials, databaseUrl }: Meeting, pauseMs = 20): Worker {
  const args = ['test/fixtures/tuning/study-worker.ts', home, studyName, String(trials), String(pauseMs)]
  const child = spawn(process.execPath, [...args, ...(databaseUrl ? [databaseUrl] : [])], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const acknowledged: [number, number][] = []
  createInterface({ input: child.stdout! }).on('line', (line) => acknowledged.push(JSON.parse(line)))
  const ended = once(child, 'close').then(([code, signal]) => (signal ?? code) as number | string)
  return { process: child, acknowledged, ended }
}

/** Waits until the worker has ended as many trials. */
export async function untilAcknowledged(
  { process: child, acknowledged }: Worker,
  count: number,
): Promise<void> {
  while (acknowledged.length < count) {
    assert.equal(child.exitCode, null, 'the worker ended too early')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

/** Ends a worker as a power cut does. */
export async function kill(worker: Worker): Promise<void> {
  worker.process.kill('SIGKILL')
  assert.equal(await worker.ended, 'SIGKILL')
}

/** Every acknowledged trial is in the study as it was told, and every trial has one run with its state. */
export async function checkStudy(
  { home, studyName, trials, databaseUrl }: Meeting,
  workers: readonly Worker[],
): Promise<void> {
  const settings = { home, artifactRoot: join(home, 'artifacts'), now: Date.now, databaseUrl }
  const session = await openTracking({ ...settings, random: createRandom(9), logger: createLogger('error') })
  const { client } = session
  try {
    const storage = new TrackingStorage({ client, metric: 'loss' })
    const study = await loadStudy({ storage, studyName })
    for (const [number, value] of workers.flatMap((worker) => worker.acknowledged)) {
      assert.deepEqual([study.trials[number]?.state, study.trials[number]?.value], ['COMPLETE', value])
    }
    const complete = study.trials.filter((trial) => trial.state === 'COMPLETE')
    assert.equal(complete.length, trials)
    assert.ok(study.trials.every((trial) => trial.state === 'COMPLETE' || trial.state === 'FAIL'))
    const runId = await storage.runIdOf(study)
    const { experimentId } = (await client.getRun(runId)).info
    const filter = `tags.mlflow.parentRunId = '${runId}'`
    const { items } = await client.searchRuns({ experimentIds: [experimentId], filter, maxResults: 1000 })
    const states = items.map(
      (run) => `${run.data.tags['fds.trial.number']} ${run.data.tags['fds.trial.state']}`,
    )
    assert.deepEqual(states.sort(), study.trials.map((trial) => `${trial.number} ${trial.state}`).sort())
    assert.equal((await client.getRun(runId)).data.metrics['best_loss'], study.bestValue)
  } finally {
    await session.close()
  }
}
