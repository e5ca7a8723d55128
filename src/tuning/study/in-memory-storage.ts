import type { LogEntry, StudyStorage, SyncReply, SyncRequest } from './study-storage.ts'

/**
 * Keeps studies in this process, for one or several workers of it. Times are those of `now`, in milliseconds.
 *
 * @example
 * const storage = new InMemoryStorage({ now: () => 0 })
 * const study = await createStudy({ storage, studyName: 'shared', sampler: new RandomSampler({ seed: 1 }) })
 * await study.optimize((trial) => trial.suggestFloat('x', 0, 1), { nTrials: 3 })
 * const seenByAnother = await loadStudy({ storage, studyName: 'shared' })
 * seenByAnother.trials.length // 3
 */
export class InMemoryStorage implements StudyStorage {
  readonly #now: () => number
  readonly #logs = new Map<string, Log>()

  constructor({ now }: { readonly now: () => number }) {
    this.#now = now
  }

  async sync({ studyName, worker, after, operations }: SyncRequest): Promise<SyncReply> {
    const time = this.#now()
    const log: Log = this.#logs.get(studyName) ?? { entries: [], seen: new Map() }
    this.#logs.set(studyName, log)
    const name = worker ?? log.seen.size + 1
    log.seen.set(name, time)
    for (const operation of operations) {
      log.entries.push({ sequence: log.entries.length + 1, worker: name, time, operation })
    }
    return {
      worker: name,
      entries: log.entries.slice(after),
      hasMore: false,
      workers: [...log.seen].map(([other, seen]) => ({ worker: other, idleMs: time - seen })),
    }
  }
}

interface Log {
  readonly entries: LogEntry[]
  /** When each worker was last heard of. */
  readonly seen: Map<number, number>
}
