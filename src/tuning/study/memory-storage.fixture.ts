import type { LogEntry, StudyStorage, SyncRequest } from './study-storage.ts'

interface Log {
  readonly entries: LogEntry[]
  readonly seen: Map<number, number>
}

/** A storage in one process, whose clock and whose connection a test holds in its hands. */
export class MemoryStorage implements StudyStorage {
  now = 0
  /** Entries that one answer holds at most. */
  page = 1000
  /** What the next request meets: it never arrives, or its answer is lost. */
  trouble: 'lost request' | 'lost answer' | null = null
  requests = 0
  readonly #logs = new Map<string, Log>()

  async sync({ studyName, worker, after, operations }: SyncRequest) {
    await new Promise((resolve) => setImmediate(resolve))
    this.requests += 1
    const trouble = this.trouble
    this.trouble = null
    if (trouble === 'lost request') throw new Error('no connection')
    const log: Log = this.#logs.get(studyName) ?? { entries: [], seen: new Map() }
    this.#logs.set(studyName, log)
    const name = worker ?? log.seen.size + 1
    log.seen.set(name, this.now)
    for (const operation of operations) {
      log.entries.push({ sequence: log.entries.length + 1, worker: name, time: this.now, operation })
    }
    if (trouble === 'lost answer') throw new Error('no answer')
    const entries = log.entries.slice(after, after + this.page)
    return {
      worker: name,
      entries,
      hasMore: after + entries.length < log.entries.length,
      workers: [...log.seen].map(([other, time]) => ({ worker: other, idleMs: this.now - time })),
    }
  }
}
