import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { FoldResult } from './measure-fold.ts'
import type { WorkerAnswer, WorkerInput, WorkerTask } from './trial-worker.ts'

/** Threads that train folds of trials. */
export interface TrialWorkers {
  /** Trains when a thread is free. An error in a thread, its end too, rejects this task and no other. */
  measure(task: WorkerTask): Promise<FoldResult>
  /** Ends the threads at once; what they work on is rejected. */
  close(): Promise<void>
}

/**
 * Starts threads that share the folds: rows and bins are in memory once, whatever the number of threads. One whose
 * thread broke is replaced.
 */
export function startTrialWorkers(input: WorkerInput, count: number): TrialWorkers {
  const free = Array.from({ length: count }, () => startWorker(input))
  const busy = new Set<Worker>()
  const waiting: ((worker: Worker | undefined) => void)[] = []
  let isClosed = false

  const release = (worker: Worker): void => {
    busy.delete(worker)
    const next = waiting.shift()
    if (next) next(worker)
    else free.push(worker)
  }
  return {
    async measure(task) {
      if (isClosed) throw new Error(CLOSED)
      const worker = free.pop() ?? (await new Promise<Worker | undefined>((resolve) => waiting.push(resolve)))
      if (worker === undefined) throw new Error(CLOSED)
      busy.add(worker)
      try {
        const result = await ask(worker, task)
        release(worker)
        return result
      } catch (error) {
        if (error instanceof TaskFailed || isClosed) release(worker)
        else release(await replaced(worker, input))
        throw error
      }
    },
    async close() {
      isClosed = true
      for (const give of waiting.splice(0)) give(undefined)
      await Promise.all([...free, ...busy].map((worker) => worker.terminate()))
    },
  }
}

const CLOSED = 'the search was stopped'

/** The number of a thread that has ended. */
const GONE = -1

/** The training refused its task; the thread is as good as before. */
class TaskFailed extends Error {}

function startWorker(input: WorkerInput): Worker {
  const worker = new Worker(new URL('trial-worker.ts', import.meta.url), { workerData: input })
  // whoever waits for the thread is told; one that breaks while nobody does must not end the process
  return worker.on('error', () => {})
}

async function replaced(worker: Worker, input: WorkerInput): Promise<Worker> {
  await worker.terminate()
  return startWorker(input)
}

async function ask(worker: Worker, task: WorkerTask): Promise<FoldResult> {
  const waiting = new AbortController()
  const { signal } = waiting
  if (worker.threadId === GONE) throw new Error('the thread ended')
  worker.postMessage(task)
  try {
    const answer = await Promise.race([
      once(worker, 'message', { signal }).then(([message]) => message as WorkerAnswer),
      once(worker, 'exit', { signal }).then(() => Promise.reject(new Error(CLOSED))),
    ])
    if ('failure' in answer) throw new TaskFailed(answer.failure)
    return answer
  } finally {
    waiting.abort()
  }
}
