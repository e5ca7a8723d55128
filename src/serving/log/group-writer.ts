import { FdsError } from '../../errors.ts'
import { DECISION_LAYOUT, LABEL_LAYOUT, pack, SHADOW_LAYOUT } from './columns.ts'
import type { Decision, Label, ShadowScore } from './decision.ts'
import type { WriterHandle } from './writer-handle.ts'
import type { NotWritten, WriteGroup, WriterAnswer, Written } from './writer-messages.ts'

/**
 * When a decision counts as recorded. `group`: when it is on disk; all that came while the disk was busy share one
 * sync. `sync`: the same, with a sync of its own for each call. `async`: at once, on disk soon after; a crash loses
 * what was still on its way, and a repeated transaction id may be answered by a decision that does not count.
 */
export type Durability = 'group' | 'sync' | 'async'

/** What one caller wants stored, all or none. */
export interface Work {
  readonly decisions?: readonly Decision[]
  readonly shadows?: readonly ShadowScore[]
  readonly labels?: readonly Label[]
  readonly probe?: number
}

export interface CommitFacts {
  /** Decisions in it. */
  readonly decisions: number
  readonly seconds: number
  readonly isFailed: boolean
  /** How long SQLite's write-ahead log was then; 0 elsewhere. */
  readonly logPages: number
}

export interface GroupWriterOptions {
  readonly handle: WriterHandle
  readonly durability: Durability
  /** How messages call this store. */
  readonly what: string
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Told of each commit. */
  readonly onCommit: (facts: CommitFacts) => void
  /** Told of decisions that were acknowledged and could not be stored, which only `async` allows. */
  readonly onLost: (decisions: number, reason: string) => void
}

interface Entry extends Work {
  /** The caller has its answer already. */
  readonly isAcknowledged: boolean
  /** A group that it was in was refused. */
  isAlone: boolean
  readonly resolve: (written: Written) => void
  readonly reject: (error: FdsError) => void
}

const NOTHING: Written = { earlier: [], added: [], unknown: [] }
/** Decisions in one commit; more would make those behind them wait too long. */
const MOST_ROWS = 2000
/** Decisions that `async` holds in memory; beyond them a call waits for the disk. */
const MOST_ACKNOWLEDGED = 20_000
/** The next group lies ready where the writer is: without it the writer would wait for a turn of the event loop. */
const MOST_GROUPS = 2
/** Callers that need not wait for more. */
const LARGE_GROUP = 16
const PAUSE_MS = 200

/**
 * Makes many callers share one commit: while some are on their way to the disk, what comes waits, and goes together
 * with the next. No timer is needed: the groups grow with the load. A call whose rows the database refuses fails alone.
 */
export class GroupWriter {
  readonly #options: GroupWriterOptions
  #queue: Entry[] = []
  /** Groups on their way, the first first. */
  readonly #flight: (readonly Entry[])[] = []
  #depth = 0
  #isWaiting = false
  #closed: (() => void) | undefined

  constructor(options: GroupWriterOptions) {
    this.#options = options
  }

  /** Decisions that wait or are on their way to the disk. */
  get depth(): number {
    return this.#depth
  }

  /** Resolves when `work` is stored; STORAGE_FAILED when it is not, and after the close. */
  submit(work: Work): Promise<Written> {
    return new Promise((resolve, reject) => {
      if (this.#closed) {
        reject(this.#failure('it is closed'))
        return
      }
      const isAcknowledged =
        this.#options.durability === 'async' &&
        work.decisions !== undefined &&
        this.#depth < MOST_ACKNOWLEDGED
      this.#queue.push({ ...work, isAcknowledged, isAlone: false, resolve, reject })
      this.#depth += work.decisions?.length ?? 0
      if (isAcknowledged) resolve(NOTHING)
      this.#gather()
    })
  }

  /** Stores what waits, or says that it is lost, and refuses everything that comes later. */
  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#closed = resolve
      this.#flush()
    })
    await this.#options.handle.close()
  }

  /**
   * A group leaves once it is large, or once a turn of the event loop has brought nothing more: to hand it over costs as
   * much as ten of its rows.
   */
  #gather(): void {
    const look = (before: number, flush: () => void): void => {
      const count = this.#queue.length
      if (count === before || count >= LARGE_GROUP) flush()
      else setImmediate(look, count, flush)
    }
    this.#wait((flush) => setImmediate(look, 0, flush))
  }

  #wait(start: (flush: () => void) => void): void {
    if (this.#isWaiting || this.#flight.length === MOST_GROUPS) return
    this.#isWaiting = true
    start(() => {
      this.#isWaiting = false
      this.#flush()
    })
  }

  #flush(): void {
    if (this.#flight.length === MOST_GROUPS) return
    if (this.#queue.length === 0) {
      if (this.#flight.length === 0) this.#closed?.()
      return
    }
    const entries = this.#take()
    this.#flight.push(entries)
    const { handle, now } = this.#options
    const started = now()
    handle.write(groupOf(entries), (answer) => this.#settle(answer, (now() - started) / 1000))
  }

  #take(): Entry[] {
    const first = this.#queue[0]!
    let count = 1
    if (this.#options.durability !== 'sync' && !first.isAlone) {
      for (let rows = rowsOf(first); count < this.#queue.length; count++) {
        rows += rowsOf(this.#queue[count]!)
        if (rows > MOST_ROWS || this.#queue[count]!.isAlone) break
      }
    }
    return this.#queue.splice(0, count)
  }

  #settle(answer: WriterAnswer, seconds: number): void {
    const entries = this.#flight.shift()!
    const isFailed = 'reason' in answer
    const decisions = sum(entries, (entry) => entry.decisions?.length ?? 0)
    const logPages = isFailed ? 0 : (answer.logPages ?? 0)
    this.#options.onCommit({ decisions, seconds, isFailed, logPages })
    this.#depth -= decisions
    if (!isFailed) hand(entries, answer)
    if (isFailed && this.#fail(entries, answer)) this.#wait((flush) => setTimeout(flush, PAUSE_MS))
    else if (this.#closed || this.#queue.length >= LARGE_GROUP) this.#flush()
    else if (this.#queue.length > 0) this.#gather()
  }

  /** Whether the disk should be left in peace for a moment. */
  #fail(entries: readonly Entry[], { reason, isRefused }: NotWritten): boolean {
    const isShared = isRefused && entries.length > 1
    const again = entries.filter((entry) => isShared || (entry.isAcknowledged && !isRefused && !this.#closed))
    for (const entry of entries) {
      if (again.includes(entry)) entry.isAlone ||= isShared
      else if (entry.isAcknowledged) this.#options.onLost(entry.decisions!.length, reason)
      else entry.reject(this.#failure(reason))
    }
    this.#queue.unshift(...again)
    this.#depth += sum(again, (entry) => entry.decisions?.length ?? 0)
    return again.length > 0 && !isShared
  }

  #failure(reason: string): FdsError {
    return new FdsError('STORAGE_FAILED', { what: this.#options.what, reason })
  }
}

function rowsOf({ decisions, shadows, labels }: Work): number {
  return (decisions?.length ?? 0) + (shadows?.length ?? 0) + (labels?.length ?? 0)
}

function groupOf(entries: readonly Entry[]): WriteGroup {
  const decisions = collect(entries, (entry) => entry.decisions)
  const shadows = collect(entries, (entry) => entry.shadows)
  const labels = collect(entries, (entry) => entry.labels)
  const probe = entries.find((entry) => entry.probe !== undefined)?.probe
  return {
    ...(decisions.length > 0 && { decisions: pack(decisions, DECISION_LAYOUT) }),
    ...(shadows.length > 0 && { shadows: pack(shadows, SHADOW_LAYOUT) }),
    ...(labels.length > 0 && { labels: pack(labels, LABEL_LAYOUT) }),
    ...(probe !== undefined && { probe }),
  }
}

function collect<T>(entries: readonly Entry[], partOf: (entry: Entry) => readonly T[] | undefined): T[] {
  const rows: T[] = []
  for (const entry of entries) {
    const part = partOf(entry)
    if (part) for (const row of part) rows.push(row)
  }
  return rows
}

/** Gives each caller its part of what was written, by places of its own. */
function hand(entries: readonly Entry[], { earlier, added, unknown }: Written): void {
  const isPlain = earlier.length === 0 && added.length === 0
  let decision = 0
  let label = 0
  for (const entry of entries) {
    if (isPlain) {
      entry.resolve(NOTHING)
      continue
    }
    const decisions = entry.decisions?.length ?? 0
    const labels = entry.labels?.length ?? 0
    const [firstDecision, firstLabel] = [decision, label]
    const isOwn = (place: number) => place >= firstLabel && place < firstLabel + labels
    const isOwnDecision = (place: number) => place >= firstDecision && place < firstDecision + decisions
    entry.resolve({
      earlier: earlier
        .filter(([place]) => isOwnDecision(place))
        .map(([place, row]) => [place - firstDecision, row] as const),
      added: added.filter(isOwn).map((place) => place - firstLabel),
      unknown: unknown.filter(isOwn).map((place) => place - firstLabel),
    })
    decision += decisions
    label += labels
  }
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  let total = 0
  for (const item of items) total += of(item)
  return total
}
