import { setImmediate as nextTurn } from 'node:timers/promises'
import { FdsError } from '../../errors.ts'
import type { Texts } from './entities.ts'
import { deliver, type LogEntry, type Refusals, takeTogether } from './log-entries.ts'
import type { MlflowClient } from './mlflow-client.ts'
import type { MetricInput, ParamValue } from './run-client.ts'

/**
 * Logs to one run in the background: each method puts its entries into a queue and returns at once, which suits
 * callbacks that cannot wait. The queue is sent in order, in as few log-batch calls as the protocol allows (1,000
 * entries, of them 100 parameters and 100 tags), one request at a time. `flush` waits for all of it and tells what
 * failed: an entry that the server refuses for what it says is left out and reported; after any other failure the
 * queue stays as it is, and the next entry or `flush` sends it again. Before the process ends of itself, what still
 * waits is flushed; a failure there ends it like an unhandled rejection. USAGE once 1,000,000 entries wait.
 *
 * @example
 * const client = new MlflowClient({ uri: 'http://localhost:5000', now: () => 0 })
 * new RunLogger(client, 'a-run').size // 0
 */
export class RunLogger {
  readonly runId: string
  readonly #client: MlflowClient
  readonly #stop = new AbortController()
  #entries: LogEntry[] = []
  #refusals: Refusals = { count: 0 }
  #failure: unknown
  #sending: Promise<void> | undefined

  constructor(client: MlflowClient, runId: string) {
    this.#client = client.withSignal(this.#stop.signal)
    this.runId = runId
  }

  /** How many entries are not acknowledged yet. */
  get size(): number {
    return this.#entries.length
  }

  /** `timestamp` defaults to the time of this call, `step` to 0. */
  logMetric(metric: MetricInput): void {
    this.#add({ kind: 'metric', value: { timestamp: this.#client.now(), ...metric } })
  }

  /** All with one time and one step. */
  logMetrics(
    metrics: Readonly<Record<string, number>>,
    point: Omit<MetricInput, 'key' | 'value'> = {},
  ): void {
    const timestamp = this.#client.now()
    for (const [key, value] of Object.entries(metrics)) this.logMetric({ timestamp, ...point, key, value })
  }

  logParams(params: Readonly<Record<string, ParamValue>>): void {
    for (const [key, value] of Object.entries(params)) this.#add({ kind: 'param', value: { key, value } })
  }

  setTags(tags: Texts): void {
    for (const [key, value] of Object.entries(tags)) this.#add({ kind: 'tag', value: { key, value } })
  }

  /** A file below the run's artifact folder; the bytes given are kept until they are sent. */
  logArtifact(file: Parameters<MlflowClient['logArtifact']>[1]): void {
    this.add((client) => client.logArtifact(this.runId, file))
  }

  /** Any other call, made in its turn; made again if the server could not be reached. */
  add(work: (client: MlflowClient) => Promise<unknown>): void {
    this.#add({ kind: 'call', work })
  }

  /** For those who can wait: returns at once while less than 10,000 entries wait, else flushes. */
  async ready(): Promise<void> {
    if (this.size >= LONG_QUEUE) await this.flush()
  }

  /** Waits until all is acknowledged. LOGGING_INCOMPLETE with the first failure; each is told once. */
  async flush(): Promise<void> {
    do {
      if (this.size > 0) this.#start()
      await this.#sending
    } while (this.size > 0 && this.#failure === undefined)
    this.#report()
  }

  /** Drops what waits and breaks off the request in flight; `flush` then tells how much was lost. */
  abort(): void {
    const reason = this.#refusals.first ?? new Error('it was aborted')
    this.#refusals = { count: this.#refusals.count + this.size, first: reason }
    this.#entries = []
    this.#stop.abort()
  }

  #add(entry: LogEntry): void {
    this.#stop.signal.throwIfAborted()
    if (this.size >= FULL_QUEUE) throw new FdsError('USAGE', { reason: FULL })
    this.#entries.push(entry)
    flushBeforeExit(this)
    this.#start()
  }

  #start(): void {
    this.#sending ??= this.#send().finally(() => {
      this.#sending = undefined
    })
  }

  async #send(): Promise<void> {
    this.#failure = undefined
    // what is logged in one go travels together
    await nextTurn()
    try {
      while (this.size > 0) await this.#sendFirst(takeTogether(this.#entries))
      if (this.#refusals.count === 0) unflushed.delete(this)
    } catch (error) {
      this.#failure = error
    }
  }

  async #sendFirst(together: readonly LogEntry[]): Promise<void> {
    const { count, first } = await deliver({ client: this.#client, runId: this.runId }, together)
    this.#refusals = { count: this.#refusals.count + count, first: this.#refusals.first ?? first }
    this.#entries.splice(0, together.length)
  }

  #report(): void {
    const cause = this.#refusals.first ?? this.#failure
    const lost = this.#refusals.count
    this.#refusals = { count: 0 }
    if (this.size === 0) unflushed.delete(this)
    if (cause === undefined) return
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new FdsError(
      'LOGGING_INCOMPLETE',
      { runId: this.runId, lost, waiting: this.size, reason },
      { cause },
    )
  }
}

/** Waits until the queues of all runs of this process are sent. LOGGING_INCOMPLETE with the first failure. */
export async function flushAsyncLogging(): Promise<void> {
  await Promise.all([...unflushed].map((logger) => logger.flush()))
}

const LONG_QUEUE = 10_000
const FULL_QUEUE = 1_000_000
const FULL = `${FULL_QUEUE} entries wait to be logged; wait for the logger's ready() or flush() between entries`

const unflushed = new Set<RunLogger>()

function flushBeforeExit(logger: RunLogger): void {
  if (!process.listeners('beforeExit').includes(flushAll)) process.on('beforeExit', flushAll)
  unflushed.add(logger)
}

/** An error in here is an unhandled rejection, which Node reports before it ends with code 1. */
async function flushAll(): Promise<void> {
  const flushing = flushAsyncLogging()
  unflushed.clear()
  await flushing
}
