import type { StoredStudy } from './stored-study.ts'
import type { FrozenTrial } from './trial.ts'

/**
 * Where a study lives that outlasts its process and that several processes share: a log of operations, in one
 * order for all. An implementer owes:
 * - an operation is durable before `sync` resolves, and the entries come without a gap, the same to every worker;
 * - `sync` may be repeated after a lost answer: the entries then hold an operation twice, which the study ignores;
 * - time is one clock's, the storage's own.
 */
export interface StudyStorage {
  sync(request: SyncRequest): Promise<SyncReply>
  /** Writes down, for people, what has become of trials that this worker changed, and of all when it opens the study. */
  record?(study: StoredStudy, trials: readonly FrozenTrial[]): Promise<void>
}

export interface SyncRequest {
  readonly studyName: string
  /** As the first answer named this worker; absent in the first request. */
  readonly worker: number | null
  /** The last sequence that this worker knows; 0 at first. */
  readonly after: number
  /** Operations to append, encoded. */
  readonly operations: readonly string[]
}

export interface SyncReply {
  readonly worker: number
  /** What follows `after`, at most some thousands; `hasMore` where another request brings more. */
  readonly entries: readonly LogEntry[]
  readonly hasMore: boolean
  /** Workers that have been heard of in the last hour, and how long ago. */
  readonly workers: readonly { readonly worker: number; readonly idleMs: number }[]
}

export interface LogEntry {
  readonly sequence: number
  readonly worker: number
  /** Milliseconds since 1970. */
  readonly time: number
  readonly operation: string
}
