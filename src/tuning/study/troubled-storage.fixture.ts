import { InMemoryStorage } from './in-memory-storage.ts'
import type { StudyStorage, SyncRequest } from './study-storage.ts'

/** A storage whose clock, pages and connection a test holds in its hands. */
export class TroubledStorage implements StudyStorage {
  now = 0
  /** Entries that one answer holds at most. */
  page = 1000
  /** What the next request meets: it never arrives, or its answer is lost. */
  trouble: 'lost request' | 'lost answer' | null = null
  requests = 0
  readonly #storage = new InMemoryStorage({ now: () => this.now })

  async sync(request: SyncRequest) {
    await new Promise((resolve) => setImmediate(resolve))
    this.requests += 1
    const trouble = this.trouble
    this.trouble = null
    if (trouble === 'lost request') throw new Error('no connection')
    const reply = await this.#storage.sync(request)
    if (trouble === 'lost answer') throw new Error('no answer')
    const entries = reply.entries.slice(0, this.page)
    return { ...reply, entries, hasMore: entries.length < reply.entries.length }
  }
}
