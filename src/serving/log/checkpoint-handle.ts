import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

/** 4 kB each: the log is moved into the file when it has 4 MB. More at a time would hold up a commit behind its sync. */
const MOST_PAGES = 1000

/** Keeps SQLite's write-ahead log short, from a thread of its own that is started when there is something to move. */
export class CheckpointHandle {
  readonly #file: string
  #thread: Worker | undefined
  #isMoving = false
  #next = MOST_PAGES

  constructor(file: string) {
    this.#file = file
  }

  /** Told after each commit how long the log is. */
  committed(logPages: number): void {
    // it began anew
    if (logPages < MOST_PAGES) this.#next = MOST_PAGES
    if (this.#isMoving || logPages < this.#next) return
    // where readers keep the log from beginning anew, not at every commit
    this.#next = logPages + MOST_PAGES / 2
    this.#isMoving = true
    this.#thread ??= this.#start()
    this.#thread.postMessage('move')
  }

  async close(): Promise<void> {
    if (!this.#thread) return
    const ended = once(this.#thread, 'exit')
    this.#thread.postMessage('close')
    await ended
  }

  #start(): Worker {
    const thread = new Worker(new URL('checkpoint-thread.ts', import.meta.url), { workerData: this.#file })
    thread.on('message', () => {
      this.#isMoving = false
    })
    // it is started anew at the next need
    thread.on('error', () => {})
    thread.on('exit', () => {
      this.#thread = undefined
      this.#isMoving = false
    })
    return thread
  }
}
