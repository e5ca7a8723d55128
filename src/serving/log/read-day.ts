import { setImmediate } from 'node:timers/promises'
import { type Kysely, type Selectable, sql } from 'kysely'
import { guarded } from './read-decisions.ts'
import { boundsOf } from './retention.ts'
import type { ServingTables } from './tables.ts'

/** A decision as it is stored, with its shadow score and the label that counts now. */
export type DayRow = Selectable<ServingTables['decisions']> & {
  readonly shadow_arm: string | null
  readonly shadow_version: string | null
  readonly shadow_probability: number | null
  readonly shadow_risk_level: string | null
  readonly is_fraud: number | null
  readonly label_time: number | null
  readonly label_source: string | null
}

const PAGE_ROWS = 2000

/**
 * The decisions of a day (UTC, by the time of the decision) in the order of their times, a page at a time. The label
 * that counts is the one with the latest `label_time`, of two of one instant the one that came later. STORAGE_FAILED.
 */
export async function* readDay(db: Kysely<ServingTables>, day: string): AsyncGenerator<readonly DayRow[]> {
  const { start, end } = boundsOf(day)
  let after = { time: start, seq: 0 }
  for (;;) {
    const rows = await guarded(() => readPage(db, { after, end }))
    if (rows.length > 0) yield rows
    if (rows.length < PAGE_ROWS) return
    const last = rows.at(-1)!
    after = { time: last.created_at, seq: last.seq }
    await setImmediate()
  }
}

function readPage(
  db: Kysely<ServingTables>,
  { after, end }: { after: { time: number; seq: number }; end: number },
): Promise<DayRow[]> {
  return db
    .selectFrom('decisions as d')
    .leftJoin('shadow_scores as s', 's.transaction_id', 'd.transaction_id')
    .leftJoin('labels as l', (join) =>
      join.on('l.seq', '=', (eb) =>
        eb
          .selectFrom('labels as x')
          .select('x.seq')
          .whereRef('x.transaction_id', '=', 'd.transaction_id')
          .orderBy('x.label_time', 'desc')
          .orderBy('x.seq', 'desc')
          .limit(1),
      ),
    )
    .selectAll('d')
    .select([
      's.arm as shadow_arm',
      's.model_version as shadow_version',
      's.probability as shadow_probability',
      's.risk_level as shadow_risk_level',
      'l.is_fraud',
      'l.label_time',
      'l.source as label_source',
    ])
    .where('d.created_at', '<', end)
    .where(sql<boolean>`(d.created_at, d.seq) > (${after.time}, ${after.seq})`)
    .orderBy('d.created_at')
    .orderBy('d.seq')
    .limit(PAGE_ROWS)
    .execute()
}
