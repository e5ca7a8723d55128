import type { Logger } from '../../log.ts'
import { CheckpointHandle } from './checkpoint-handle.ts'
import type { Decision, Label, LabelReceipt, ShadowScore, StoredDecision } from './decision.ts'
import { type CommitFacts, type Durability, GroupWriter } from './group-writer.ts'
import { labelDelays } from './label-delays.ts'
import { type Outcomes, type OutcomesQuery, readOutcomes } from './outcomes.ts'
import { decisionOf, findDecision, readStoredDecision, WHAT } from './read-decisions.ts'
import { openServingDatabase, type ServingDatabase, type ServingDatabaseOptions } from './serving-database.ts'
import { createWriterHandle } from './writer-handle.ts'
import type { Written } from './writer-messages.ts'

/**
 * The durable memory of the service. Under `group` and `sync` a promise that resolves means "on disk, synced":
 * whatever was acknowledged outlives a crash. Any number of processes may write to one database; writing happens in
 * a thread, so that the event loop never waits for the disk.
 */
export interface DecisionLog {
  readonly durability: Durability
  /** Decisions that wait or are on their way to the disk now. */
  readonly depth: number
  /**
   * Stores decisions, all or none, and gives the stored ones in the same order. A transaction id that is
   * already stored, or comes twice, keeps its first decision, and that one is given (then not the object
   * that was passed). STORAGE_FAILED when the disk refuses: nothing of the call is stored.
   */
  record(decisions: readonly Decision[]): Promise<readonly Decision[]>
  /**
   * Adds to the ledger. More than two hundred labels go in parts, so that decisions need not wait for them: after
   * STORAGE_FAILED some may be there, and the same call again adds the rest.
   */
  addLabels(labels: readonly Label[]): Promise<LabelReceipt>
  /** Adds scores beside decisions that are stored; a transaction that has one keeps it. */
  addShadows(scores: readonly ShadowScore[]): Promise<void>
  find(transactionId: string): Promise<Decision | undefined>
  /** The decision with its shadow score and its labels, or DECISION_NOT_FOUND. */
  getDecision(transactionId: string): Promise<StoredDecision>
  /** The decisions of an experiment with what became known of each, page by page. */
  outcomes(query: OutcomesQuery): Outcomes
  /** Resolves if a write reaches the disk now; STORAGE_FAILED otherwise. */
  checkWritable(): Promise<void>
  /** Tells `listener` of every commit from now on. */
  onCommit(listener: (facts: CommitFacts) => void): void
  /** Commits what waits and closes the database. */
  close(): Promise<void>
}

export interface DecisionLogOptions {
  /** `group` by default. */
  readonly durability?: Durability | undefined
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly logger: Logger
}

/** Opens the log in a home or a PostgreSQL database, making its tables where there are none; STORAGE_FAILED. */
export async function openDecisionLog(
  options: ServingDatabaseOptions & DecisionLogOptions,
): Promise<DecisionLog> {
  return createDecisionLog(await openServingDatabase(options), options)
}

/** The log in a database that is open; closing the log closes it. */
export function createDecisionLog(
  database: ServingDatabase,
  { durability = 'group', now, logger }: DecisionLogOptions,
): DecisionLog {
  const listeners: ((facts: CommitFacts) => void)[] = []
  const checkpoints = database.target.databaseUrl === undefined && new CheckpointHandle(database.target.file)
  if (checkpoints) listeners.push(({ logPages }) => checkpoints.committed(logPages))
  const writer = new GroupWriter({
    handle: createWriterHandle(database.target),
    durability,
    what: WHAT,
    now,
    onCommit: (facts) => {
      for (const listener of listeners) listener(facts)
    },
    onLost: (decisions, reason) =>
      logger.error({ decisions, reason }, 'acknowledged decisions were not stored'),
  })
  let closing: Promise<void> | undefined
  const close = async () => {
    await writer.close()
    if (checkpoints) await checkpoints.close()
    await database.close()
  }
  return {
    durability,
    get depth() {
      return writer.depth
    },
    record: async (decisions) => replaceEarlier(decisions, await writer.submit({ decisions })),
    addLabels: (labels) => addInParts({ writer, database }, labels),
    addShadows: async (shadows) => void (await writer.submit({ shadows })),
    find: (transactionId) => findDecision(database, transactionId),
    getDecision: (transactionId) => readStoredDecision(database, transactionId),
    outcomes: (query) => readOutcomes(database.db, query),
    checkWritable: async () => void (await writer.submit({ probe: now() / 1000 })),
    onCommit: (listener) => void listeners.push(listener),
    close: () => {
      closing ??= close()
      return closing
    },
  }
}

const LABELS_A_COMMIT = 200

function replaceEarlier(decisions: readonly Decision[], { earlier }: Written): readonly Decision[] {
  if (earlier.length === 0) return decisions
  const counted = [...decisions]
  for (const [place, row] of earlier) counted[place] = decisionOf(row as Parameters<typeof decisionOf>[0])
  return counted
}

async function addInParts(
  { writer, database }: { readonly writer: GroupWriter; readonly database: ServingDatabase },
  labels: readonly Label[],
): Promise<LabelReceipt> {
  const added: Label[] = []
  const delays: number[] = []
  let unknown = 0
  for (let start = 0; start < labels.length; start += LABELS_A_COMMIT) {
    const part = labels.slice(start, start + LABELS_A_COMMIT)
    const written = await writer.submit({ labels: part })
    const fresh = written.added.map((place) => part[place]!)
    added.push(...fresh)
    unknown += written.unknown.length
    if (written.unknown.length < fresh.length) delays.push(...(await labelDelays(database, fresh)))
  }
  return { added, repeated: labels.length - added.length, unknown, delays }
}
