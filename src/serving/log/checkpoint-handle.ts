import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

/** Pages that a commit adds to the log beside those of its rows: the ends of the table and of its indexes. */
const PAGES_A_COMMIT = 5
const PAGES_A_DECISION = 0.5
/** 4 kB each: the log is moved when it has grown by about 32 MB. */
const MOST_PAGES = 8000

/** Keeps SQLite's write-ahead log short, from a thread of its own that is started when there is something to move. */
export class CheckpointHandle {
  readonly #file: string
  #thread: Worker | undefined
  #pages = 0

  constructor(file: string) {
    this.#file = file
  }

  /** Counts a commit; the log's true length would have to be asked for. */
  committed(decisions: number): void {
    this.#pages += PAGES_A_COMMIT + PAGES_A_DECISION * decisions
    if (this.#pages < MOST_PAGES) return
    this.#pages = 0
    this.#thread ??= this.#start()
    this.#thread.postMessage('checkpoint')
  }

  async close(): Promise<void> {
    if (!this.#thread) return
    const ended = once(this.#thread, 'exit')
    this.#thread.postMessage('close')
    await ended
  }

  #start(): Worker {
    const thread = new Worker(new URL('checkpoint-thread.ts', import.meta.url), { workerData: this.#file })
    // it is started anew at the next need
    thread.on('error', () => {})
    thread.on('exit', () => {
      this.#thread = undefined
    })
    return thread
  }
}
