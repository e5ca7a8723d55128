import cluster, { type Worker } from 'node:cluster'
import { FdsError } from '../errors.ts'
import type { Logger } from '../log.ts'
import { createMetricsHub } from '../serving/index.ts'
import { fromFailure, type PrimaryMessage, type WorkerMessage } from './worker-messages.ts'

export interface WorkerPoolInput {
  readonly count: number
  /** What each worker runs: a file and its arguments. */
  readonly program: { readonly file: string; readonly args: readonly string[] }
  readonly logger: Logger
}

export interface WorkerPool {
  /** Where all of them answer. */
  readonly address: string
  /** Rejects when no worker is left and none can be started any more: WORKERS_FAILED or its own reason. */
  readonly lost: Promise<never>
  /** Lets every worker finish what is under way, and waits for their ends. */
  close(): Promise<void>
}

/** A worker that ends sooner than this after it was ready counts as another failure. */
const SETTLED_MS = 5000
/** Before the n-th start after n failures in a row: 100 ms, doubled each time, at most 30 s. */
const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 30_000
/** With no worker left, so many failures in a row are the end: about 25 s. */
const MOST_FAILURES = 8
/** A worker that has not ended so long after it was told to is killed. */
const DRAIN_MS = 20_000

/**
 * Starts `count` processes that share one port and resolves when all of them are ready; a worker that ends is
 * replaced. When one cannot start at first, the others are ended and its error is thrown.
 */
export async function startWorkerPool(input: WorkerPoolInput): Promise<WorkerPool> {
  const { count, program } = input
  cluster.setupPrimary({ exec: program.file, args: [...program.args], serialization: 'advanced' })
  const pool = new Pool(input)
  try {
    const addresses = await Promise.all(Array.from({ length: count }, () => pool.start()))
    pool.watch()
    return { address: addresses[0]!, lost: pool.lost, close: () => pool.close() }
  } catch (error) {
    await pool.close()
    throw error
  }
}

class Pool {
  readonly #count: number
  readonly #logger: Logger
  readonly #hub = createMetricsHub()
  readonly #workers = new Set<Worker>()
  readonly #ready = new Set<Worker>()
  readonly #timers = new Set<NodeJS.Timeout>()
  readonly #lost = Promise.withResolvers<never>()
  #failures = 0
  #isWatching = false
  #isClosing = false

  constructor({ count, logger }: WorkerPoolInput) {
    this.#count = count
    this.#logger = logger
    // who does not ask shall not be told
    this.#lost.promise.catch(() => {})
  }

  get lost(): Promise<never> {
    return this.#lost.promise
  }

  /** From now on workers that end are replaced. */
  watch(): void {
    this.#isWatching = true
  }

  /** Starts one worker; gives its address once it is ready, or rejects with why it ended before. */
  start(): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    const worker = cluster.fork()
    let failure: FdsError | undefined
    this.#workers.add(worker)
    worker.on('message', (message: WorkerMessage) => {
      if (message.fds === 'failed') failure = fromFailure(message.failure)
      else if (message.fds === 'ready') {
        this.#joined(worker)
        resolve(message.address)
      } else this.#heard(worker, message)
    })
    worker.once('exit', (status, signal) => {
      const reason = signal ? `one that ended by ${signal}` : `one that ended with status ${status}`
      failure ??= new FdsError('WORKERS_FAILED', { reason })
      this.#ended(worker, failure)
      reject(failure)
    })
    return promise
  }

  async close(): Promise<void> {
    this.#isClosing = true
    for (const timer of this.#timers) clearTimeout(timer)
    await Promise.all([...this.#workers].map(endWorker))
  }

  #joined(worker: Worker): void {
    this.#ready.add(worker)
    this.#hub.joined({ id: worker.id, ask: () => send(worker, { fds: 'ask' }) })
    this.#tellAll()
    this.#later(SETTLED_MS, () => {
      if (this.#ready.has(worker)) this.#failures = 0
    })
  }

  #heard(worker: Worker, message: WorkerMessage): void {
    if (message.fds === 'snapshot') this.#hub.answered(worker.id, message.snapshot)
    // without an answer the worker says 503 after a while
    if (message.fds === 'scrape') this.#answerScrape(worker, message.scrape).catch(() => {})
  }

  async #answerScrape(worker: Worker, scrape: number): Promise<void> {
    const text = await this.#hub.exposition()
    send(worker, { fds: 'exposition', scrape, text })
  }

  #ended(worker: Worker, reason: FdsError): void {
    this.#workers.delete(worker)
    this.#ready.delete(worker)
    this.#hub.left(worker.id)
    if (this.#isClosing || !this.#isWatching) return
    this.#failures++
    this.#logger.error(
      { worker: worker.process.pid, failures: this.#failures, reason: reason.message },
      'a worker ended',
    )
    this.#tellAll()
    if (this.#workers.size === 0 && this.#failures >= MOST_FAILURES) this.#lost.reject(reason)
    else this.#replace()
  }

  #replace(): void {
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** (this.#failures - 1), LONGEST_PAUSE_MS)
    this.#later(pause, () => {
      this.#hub.restarted()
      // why it fails is told when it ends
      this.start().catch(() => {})
    })
  }

  #tellAll(): void {
    const message = { fds: 'workers', ready: this.#ready.size, wanted: this.#count } as const
    for (const worker of this.#ready) send(worker, message)
  }

  #later(milliseconds: number, act: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      act()
    }, milliseconds)
    this.#timers.add(timer)
  }
}

/** A worker may end at any moment; what was meant for it is then of no use. */
function send(worker: Worker, message: PrimaryMessage): void {
  if (worker.isConnected()) worker.send(message, () => {})
}

async function endWorker(worker: Worker): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  worker.once('exit', () => resolve())
  const timer = setTimeout(() => worker.process.kill('SIGKILL'), DRAIN_MS)
  worker.process.kill('SIGTERM')
  await promise
  clearTimeout(timer)
}
