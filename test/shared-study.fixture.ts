import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

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
