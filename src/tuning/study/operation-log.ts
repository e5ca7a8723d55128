import { FdsError } from '../../errors.ts'
import { decodeOperation, encodeOperation, type Operation } from './operation.ts'
import type { LogEntry, StudyStorage, SyncReply } from './study-storage.ts'

/** Plays one operation; what it gives goes to who submitted it, an FdsError refuses it. */
export type Play = (operation: Operation, entry: LogEntry, isOwn: boolean) => unknown

interface Pending {
  readonly id: number
  readonly text: string
}

interface Waiter {
  resolve(result: unknown): void
  reject(error: unknown): void
  /** Called instead of `resolve` where the waiter has been told of a failure before. */
  readonly late?: ((result: unknown) => void) | undefined
}

/**
 * One worker's end of a study's log: sends its operations in their order, many in one request, and plays every
 * worker's in the order of the storage. After a failed request operations stay and go with the next one.
 */
export class OperationLog {
  readonly #storage: StudyStorage
  readonly #studyName: string
  readonly #play: Play
  readonly #waiters = new Map<number, Waiter>()
  /** The last operation that has been played of each worker. */
  readonly #played = new Map<number, number>()
  #pending: Pending[] = []
  #worker: number | null = null
  #sequence = 0
  #lastId = 0
  #idle: SyncReply['workers'] = []
  #running: Promise<void> | null = null

  constructor(given: { readonly storage: StudyStorage; readonly studyName: string; readonly play: Play }) {
    this.#storage = given.storage
    this.#studyName = given.studyName
    this.#play = given.play
  }

  /** This worker's name in the log; known after the first `sync`. */
  get worker(): number {
    return this.#worker!
  }

  /** Milliseconds of silence of a worker, as the storage last said; Infinity where it has long forgotten it. */
  silenceOf(worker: number): number {
    return this.#idle.find((other) => other.worker === worker)?.idleMs ?? Number.POSITIVE_INFINITY
  }

  /** Sends an operation and waits until it has been played. */
  submit<T>(operation: Operation, late?: (result: T) => void): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const id = this.queue(operation)
      this.#waiters.set(id, { resolve, reject, late } as Waiter)
    })
  }

  /** Sends an operation with the next request, which starts at once unless one is under way. */
  queue(operation: Operation): number {
    const id = ++this.#lastId
    this.#pending.push({ id, text: encodeOperation({ ...operation, id }) })
    // who queues does not wait; who submits is told of a failure by its waiter
    this.sync().catch(() => {})
    return id
  }

  /** Sends what is pending and plays what is new. */
  sync(): Promise<void> {
    this.#running ??= this.#exchange().finally(() => {
      this.#running = null
    })
    return this.#running
  }

  async #exchange(): Promise<void> {
    let hasMore = true
    // a microtask later, so that what one caller queues goes together
    await null
    while (hasMore || this.#pending.length > 0) {
      const sent = this.#worker === null ? [] : [...this.#pending]
      const reply = await this.#request(sent)
      this.#worker = reply.worker
      this.#idle = reply.workers
      this.#pending = this.#pending.slice(sent.length)
      for (const entry of reply.entries) this.#playEntry(entry)
      hasMore = reply.hasMore
    }
  }

  async #request(sent: readonly Pending[]): Promise<SyncReply> {
    try {
      return await this.#storage.sync({
        studyName: this.#studyName,
        worker: this.#worker,
        after: this.#sequence,
        operations: sent.map(({ text }) => text),
      })
    } catch (error) {
      for (const { id } of this.#pending) this.#giveUpWaiting(id, error)
      throw error
    }
  }

  #giveUpWaiting(id: number, error: unknown): void {
    const waiter = this.#waiters.get(id)
    waiter?.reject(error)
    if (waiter?.late) this.#waiters.set(id, { resolve: waiter.late, reject: () => {} })
    else this.#waiters.delete(id)
  }

  #playEntry(entry: LogEntry): void {
    this.#sequence = entry.sequence
    const { id, ...operation } = decodeOperation(entry.operation)
    // a request that was repeated after a lost answer
    if (id <= (this.#played.get(entry.worker) ?? 0)) return
    this.#played.set(entry.worker, id)
    const isOwn = entry.worker === this.#worker
    const waiter = isOwn ? this.#waiters.get(id) : undefined
    if (isOwn) this.#waiters.delete(id)
    try {
      const result = this.#play(operation as Operation, entry, isOwn)
      waiter?.resolve(result)
    } catch (error) {
      if (!(error instanceof FdsError)) throw error
      waiter?.reject(error)
    }
  }
}
