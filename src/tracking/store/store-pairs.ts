import { type RawBuilder, sql } from 'kysely'
import type { PairMessage } from '../protocol/messages.ts'
import type { Db } from './store-context.ts'
import type { PairTable } from './tables.ts'

/** Whose tags or parameters: a row of the table that `table` belongs to. */
export interface PairOwner {
  readonly table: PairTable
  readonly owner: number
}

/** Sets each key; of a key given twice the last value stays. */
export async function putPairs(
  db: Db,
  { table, owner }: PairOwner,
  pairs: readonly PairMessage[],
): Promise<void> {
  if (pairs.length === 0) return
  // one statement may not touch a row twice
  const values = new Map(pairs.map(({ key, value = '' }) => [key, value]))
  const rows = [...values].map(([key, value]) => ({ owner, key, value }))
  for (const chunk of chunksOf(rows, ROWS_AT_ONCE)) {
    await db
      .insertInto(table)
      .values(chunk)
      .onConflict((conflict) =>
        conflict.columns(['owner', 'key']).doUpdateSet((eb) => ({ value: eb.ref('excluded.value') })),
      )
      .execute()
  }
}

/** Removes a key; false if it was not there. */
export async function removePair(db: Db, { table, owner }: PairOwner, key: string): Promise<boolean> {
  const removed = await db
    .deleteFrom(table)
    .where('owner', '=', owner)
    .where('key', '=', key)
    .executeTakeFirst()
  return removed.numDeletedRows > 0n
}

/** The pairs of several owners, each sorted by key; owners without pairs are absent. */
export async function readPairs(
  db: Db,
  table: PairTable,
  owners: readonly number[],
): Promise<Map<number, PairMessage[]>> {
  const found = new Map<number, PairMessage[]>()
  for (const chunk of chunksOf(owners, IDS_AT_ONCE)) {
    const query = db
      .selectFrom(table)
      .selectAll()
      .where('owner', 'in', idList(chunk))
      .orderBy('owner')
      .orderBy('key')
    for (const { owner, key, value } of await query.execute()) append(found, owner, { key, value })
  }
  return found
}

/** Adds to the list that the map holds for a key. */
export function append<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key)
  if (list) list.push(value)
  else lists.set(key, [value])
}

export function chunksOf<T>(items: readonly T[], size: number): T[][] {
  const count = Math.ceil(items.length / size)
  return Array.from({ length: count }, (_, index) => items.slice(index * size, (index + 1) * size))
}

/** Rows of one INSERT: longer statements gain little, and their values must stay under SQLite's 32,766. */
export const ROWS_AT_ONCE = 100
/** Ids in one IN list. */
export const IDS_AT_ONCE = 1000

/** What stands after IN: ids of ours, which a query of a thousand bound values would spend most of its time on. */
export function idList(ids: readonly number[]): RawBuilder<number> {
  return sql.raw(`(${ids.map((id) => Math.trunc(id)).join(',')})`)
}
