import { setImmediate } from 'node:timers/promises'
import type { Kysely, Transaction } from 'kysely'
import { FdsError } from '../../errors.ts'
import { guarded } from './read-decisions.ts'
import type { ServingTables } from './tables.ts'

/** One day (UTC) of decisions, by the time of the decision, which unlike the event's is never in the past. */
export interface DecisionDay {
  /** YYYY-MM-DD. */
  readonly day: string
  readonly decisions: number
  /** How many of them the last export of the day holds; 0 where there was none. */
  readonly exported: number
}

/** Seconds since 1970 of a day's first instant, UTC, and of the next day's. */
export function boundsOf(day: string): { readonly start: number; readonly end: number } {
  const start = Date.parse(`${day}T00:00:00Z`) / 1000
  return { start, end: start + DAY }
}

const DAY = 86_400
/** Decisions deleted in one transaction: the service that writes beside must not wait. */
const SLICE_ROWS = 500

/** Days that hold decisions, in order, from `from` on and before `before` (seconds since 1970). STORAGE_FAILED. */
export async function listDays(
  db: Kysely<ServingTables>,
  { from = 0, before }: { from?: number | undefined; before: number },
): Promise<readonly DecisionDay[]> {
  const days: DecisionDay[] = []
  for (let start = from; start < before; ) {
    const first = await guarded(() =>
      db
        .selectFrom('decisions')
        .select('created_at')
        .where('created_at', '>=', start)
        .where('created_at', '<', before)
        .orderBy('created_at')
        .limit(1)
        .executeTakeFirst(),
    )
    if (!first) break
    const day = new Date(first.created_at * 1000).toISOString().slice(0, 10)
    days.push(await describeDay(db, day))
    start = boundsOf(day).end
    await setImmediate()
  }
  return days
}

/** Notes that `file` holds the day's decisions. */
export async function noteExport(
  db: Kysely<ServingTables>,
  { day, file, decisions, now }: { day: string; file: string; decisions: number; now: number },
): Promise<void> {
  const row = { file, decisions, exported_at: now / 1000 }
  await guarded(() =>
    db
      .insertInto('exported_days')
      .values({ day, ...row })
      .onConflict((conflict) => conflict.column('day').doUpdateSet(row))
      .execute(),
  )
}

/**
 * Deletes the decisions of a day with their shadow scores and labels, in slices, and gives how many there were. A day
 * whose decisions are not all exported is refused unless `isUnexportedFine`: DAY_NOT_EXPORTED. Labels of
 * transactions without a decision stay. A transaction id that comes again afterwards is decided anew. STORAGE_FAILED.
 */
export async function deleteDay(
  db: Kysely<ServingTables>,
  { day, decisions, exported }: DecisionDay,
  isUnexportedFine: boolean,
): Promise<number> {
  if (exported < decisions && !isUnexportedFine)
    throw new FdsError('DAY_NOT_EXPORTED', { day, decisions, exported })
  let deleted = 0
  for (;;) {
    const slice = await guarded(() => db.transaction().execute((trx) => deleteSlice(trx, day)))
    deleted += slice
    if (slice < SLICE_ROWS) return deleted
    await setImmediate()
  }
}

async function describeDay(db: Kysely<ServingTables>, day: string): Promise<DecisionDay> {
  const { start, end } = boundsOf(day)
  const { decisions } = await guarded(() =>
    db
      .selectFrom('decisions')
      .select((eb) => eb.fn.countAll<number>().as('decisions'))
      .where('created_at', '>=', start)
      .where('created_at', '<', end)
      .executeTakeFirstOrThrow(),
  )
  const noted = await guarded(() =>
    db.selectFrom('exported_days').select('decisions').where('day', '=', day).executeTakeFirst(),
  )
  return { day, decisions, exported: noted?.decisions ?? 0 }
}

async function deleteSlice(trx: Transaction<ServingTables>, day: string): Promise<number> {
  const { start, end } = boundsOf(day)
  const rows = await trx
    .selectFrom('decisions')
    .select('transaction_id')
    .where('created_at', '>=', start)
    .where('created_at', '<', end)
    .limit(SLICE_ROWS)
    .execute()
  if (rows.length === 0) return 0
  const ids = rows.map((row) => row.transaction_id)
  for (const table of ['labels', 'shadow_scores', 'decisions'] as const)
    await trx.deleteFrom(table).where('transaction_id', 'in', ids).execute()
  return ids.length
}
