import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { type ErrorCode, FdsError } from '../errors.ts'
import type { ColumnProfile } from '../monitoring/index.ts'
import { ColumnProfiler, type ProfileTask } from './profile-columns.ts'
import { CLOSE, type ProfileAnswer } from './profile-messages.ts'

type Run = (task: ProfileTask) => Promise<readonly ColumnProfile[]>

/** Threads that profile columns, this one among them; the others start once there is work for them. */
export class ProfileThreads implements AsyncDisposable {
  readonly #share: number
  readonly #own: ColumnProfiler
  readonly #workers: Worker[] = []

  constructor(threads: number) {
    this.#share = 1 / threads
    this.#own = new ColumnProfiler(this.#share)
  }

  /**
   * Runs all tasks, each on the first thread that is free. After a failure no further task is begun; it is thrown once
   * those under way have ended, since a thread must not be stopped within DuckDB.
   */
  async runAll(tasks: readonly ProfileTask[]): Promise<readonly ColumnProfile[]> {
    const waiting = [...tasks]
    const columns: ColumnProfile[] = []
    const work = async (run: Run): Promise<void> => {
      for (let task = waiting.shift(); task; task = waiting.shift()) {
        const done = await run(task).catch((error: unknown) => {
          waiting.length = 0
          throw error
        })
        columns.push(...done)
      }
    }
    this.#start(Math.min(1 / this.#share, tasks.length) - 1)
    const others = this.#workers.map((worker) => work((task) => ask(worker, task)))
    const ends = await Promise.allSettled([work((task) => this.#own.run(task)), ...others])
    const failed = ends.find(({ status }) => status === 'rejected') as PromiseRejectedResult | undefined
    if (failed) throw failed.reason
    return columns
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#own[Symbol.asyncDispose]()
    const ends = this.#workers.map((worker) => worker.threadId === GONE || once(worker, 'exit'))
    for (const worker of this.#workers) worker.postMessage(CLOSE)
    await Promise.all(ends)
  }

  #start(count: number): void {
    while (this.#workers.length < count) {
      const worker = new Worker(new URL('profile-worker.ts', import.meta.url), { workerData: this.#share })
      // whoever waits for the thread is told; one that breaks while nobody does must not end the process
      this.#workers.push(worker.on('error', () => {}))
    }
  }
}

/** The number of a thread that has ended. */
const GONE = -1

async function ask(worker: Worker, task: ProfileTask): Promise<readonly ColumnProfile[]> {
  const waiting = new AbortController()
  const { signal } = waiting
  worker.postMessage(task)
  try {
    const [answer] = (await Promise.race([
      once(worker, 'message', { signal }),
      once(worker, 'exit', { signal }).then(() => Promise.reject(new Error('a thread ended'))),
    ])) as [ProfileAnswer]
    if ('columns' in answer) return answer.columns
    if ('failure' in answer) throw answer.failure
    throw new FdsError(answer.code as ErrorCode, answer.details as never)
  } finally {
    waiting.abort()
  }
}
