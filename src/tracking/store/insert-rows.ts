import { CompiledQuery, type RawBuilder, sql } from 'kysely'
import type { Db } from './store-context.ts'
import type { Tables } from './tables.ts'

/** What an INSERT does, but for its rows. */
export interface InsertTarget {
  readonly table: keyof Tables & string
  readonly columns: readonly string[]
  /** What happens to a row that is there already. */
  readonly onConflict: RawBuilder<unknown>
}

/**
 * Adds many rows, the values of each in the order of the target's columns. The text of a statement is made once
 * for each number of rows, of which there are three, so a batch costs little more than the database's own work.
 */
export async function insertRows(
  db: Db,
  target: InsertTarget,
  rows: readonly (readonly unknown[])[],
): Promise<void> {
  let at = 0
  for (const size of SIZES) {
    for (; rows.length - at >= size; at += size) {
      const values = rows.slice(at, at + size).flat()
      await db.executeQuery(CompiledQuery.raw(statementFor(db, target, size), values))
    }
  }
}

const SIZES = [100, 10, 1] as const

/** By dialect, since placeholders differ, then by target and number of rows. */
const statements = new WeakMap<object, Map<InsertTarget, Map<number, string>>>()

function statementFor(db: Db, target: InsertTarget, size: number): string {
  const { adapter } = db.getExecutor()
  const byTarget = entryOf(statements, adapter, () => new Map<InsertTarget, Map<number, string>>())
  const bySize = entryOf(byTarget, target, () => new Map<number, string>())
  return entryOf(bySize, size, () => compileInsert(db, target, size))
}

function compileInsert(db: Db, { table, columns, onConflict }: InsertTarget, size: number): string {
  const row = sql`(${sql.join(columns)})`
  const names = sql.join(columns.map((column) => sql.ref(column)))
  const rows = sql.join(Array.from({ length: size }, () => row))
  return sql`insert into ${sql.table(table)} (${names}) values ${rows} ${onConflict}`.compile(db).sql
}

function entryOf<K extends object | number, V>(
  map: { get(key: K): V | undefined; set(key: K, value: V): unknown },
  key: K,
  make: () => V,
): V {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  return made
}
