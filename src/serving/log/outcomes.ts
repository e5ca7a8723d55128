import { setImmediate } from 'node:timers/promises'
import { type Kysely, sql } from 'kysely'
import type { RiskLevel } from '../../decision/risk-level.ts'
import type { Arm } from '../../monitoring/experiments/assign.ts'
import type { Outcome } from '../../monitoring/experiments/outcome.ts'
import { guarded } from './read-decisions.ts'
import type { ServingTables } from './tables.ts'

export interface OutcomesQuery {
  readonly experiment: string
  /** What is known at this instant counts, in seconds since 1970. */
  readonly asOf: number
  /**
   * A label counts if it was known this many seconds after the transaction, once that age is reached; younger
   * transactions have no label. Null takes labels as they arrive, which favours the arm whose labels come first.
   */
  readonly horizonSeconds: number | null
}

export interface OutcomeCounts {
  /** Decisions of the experiment up to `asOf`. */
  readonly decisions: number
  /** Of these, those too young for the horizon. */
  readonly immature: number
  /** Of the others, those without a label that counts. */
  readonly unlabelled: number
}

/** Pages of outcomes; the counts are whole once the last page was read. */
export interface Outcomes extends AsyncIterable<readonly Outcome[]> {
  readonly counts: OutcomeCounts
}

/** Rows read at once: about ten milliseconds of SQLite. */
const PAGE_ROWS = 2000

interface Row {
  seq: number
  transaction_id: string
  entity: string | null
  arm: Arm
  failed_arm: Arm | null
  probability: number
  risk_level: RiskLevel
  latency_ms: number
  time: number
  shadow: number | null
  is_fraud: number | null
}

/**
 * The decisions of an experiment with what became known of each, in the order in which they were stored.
 *
 * The verdict on a transaction is the ledger's entry with the latest `label_time` that is not after the transaction's
 * time + horizon (nor after `asOf`); of two entries of one instant the one that came later. A label with a later time
 * never changes an outcome, and neither does the order in which labels arrive, as long as their times differ. The
 * transaction's time is its event time, or that of the decision where it has none. STORAGE_FAILED.
 */
export function readOutcomes(db: Kysely<ServingTables>, query: OutcomesQuery): Outcomes {
  const counts = { decisions: 0, immature: 0, unlabelled: 0 }
  return {
    counts,
    async *[Symbol.asyncIterator]() {
      Object.assign(counts, { decisions: 0, immature: 0, unlabelled: 0 })
      for (let after = 0; ; ) {
        const rows = await guarded(() => readPage(db, query, after))
        if (rows.length === 0) return
        after = rows.at(-1)!.seq
        const outcomes = rows.map((row) => outcomeOf(row, isMature(row.time, query)))
        const immature = rows.filter((row) => !isMature(row.time, query)).length
        counts.decisions += rows.length
        counts.immature += immature
        counts.unlabelled += outcomes.filter(({ isFraud }) => isFraud === null).length - immature
        yield outcomes
        // others get their turn: a read of SQLite holds the event loop
        await setImmediate()
      }
    },
  }
}

function isMature(time: number, { asOf, horizonSeconds }: OutcomesQuery): boolean {
  return horizonSeconds === null || time + horizonSeconds <= asOf
}

async function readPage(
  db: Kysely<ServingTables>,
  { experiment, asOf, horizonSeconds }: OutcomesQuery,
  after: number,
): Promise<Row[]> {
  const time = sql<number>`coalesce(d.event_time, d.created_at)`
  const known = horizonSeconds === null ? sql<number>`${asOf}` : sql<number>`${time} + ${horizonSeconds}`
  return db
    .selectFrom('decisions as d')
    .leftJoin('shadow_scores as s', 's.transaction_id', 'd.transaction_id')
    .select([
      'd.seq',
      'd.transaction_id',
      'd.entity',
      'd.arm',
      'd.failed_arm',
      'd.probability',
      'd.risk_level',
      'd.latency_ms',
    ])
    .select([time.as('time'), 's.probability as shadow'])
    .select((eb) =>
      eb
        .selectFrom('labels as l')
        .select('l.is_fraud')
        .whereRef('l.transaction_id', '=', 'd.transaction_id')
        .where('l.label_time', '<=', known)
        .orderBy('l.label_time', 'desc')
        .orderBy('l.seq', 'desc')
        .limit(1)
        .as('is_fraud'),
    )
    .where('d.experiment', '=', experiment)
    .where('d.seq', '>', after)
    .where('d.created_at', '<=', asOf)
    .orderBy('d.seq')
    .limit(PAGE_ROWS)
    .execute()
}

function outcomeOf(row: Row, isMature: boolean): Outcome {
  return {
    transactionId: row.transaction_id,
    entity: row.entity,
    // an entity stays in the arm that it was drawn into
    arm: row.failed_arm ?? row.arm,
    isFailed: row.failed_arm !== null,
    score: row.probability,
    shadowScore: row.shadow,
    riskLevel: row.risk_level,
    latencyMs: row.latency_ms,
    isFraud: row.is_fraud === null || !isMature ? null : row.is_fraud === 1,
    time: row.time,
  }
}
