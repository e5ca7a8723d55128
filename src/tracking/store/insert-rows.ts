import { CompiledQuery, PostgresAdapter } from 'kysely'
import type { Db } from './store-context.ts'
import type { Tables } from './tables.ts'

/** An INSERT into one table, written once for each database. */
export interface RowInsert {
  readonly columns: number
  /** PostgreSQL's: it takes a list for each column. */
  readonly ofLists: string
  /** SQLite's, the longest first: it takes the values of so many rows. */
  readonly ofRows: readonly { readonly size: number; readonly text: string }[]
}

/**
 * Writes the statements that add rows to a table. `columns` has the names with the kinds that PostgreSQL is told;
 * `onConflict` says what happens to a row that is there already.
 */
export function rowInsert(
  table: keyof Tables & string,
  columns: Readonly<Record<string, 'bigint' | 'double precision' | 'text'>>,
  onConflict: string,
): RowInsert {
  const names = Object.keys(columns)
  const insert = (rows: string) =>
    `insert into ${table} (${names.map((name) => `"${name}"`)}) ${rows} on conflict ${onConflict}`
  const lists = Object.values(columns).map((kind, index) => `$${index + 1}::${kind}[]`)
  const row = `(${names.map(() => '?')})`
  return {
    columns: names.length,
    ofLists: insert(`select * from unnest(${lists})`),
    ofRows: SIZES.map((size) => ({
      size,
      text: insert(`values ${Array.from({ length: size }, () => row)}`),
    })),
  }
}

const SIZES = [100, 10, 1]

/**
 * Adds many rows, the values of each in the order of the columns. The texts are made beforehand, so a batch costs
 * little more than the database's own work.
 */
export async function insertRows(
  db: Db,
  { columns, ofLists, ofRows }: RowInsert,
  rows: readonly (readonly unknown[])[],
): Promise<void> {
  if (rows.length === 0) return
  if (db.getExecutor().adapter instanceof PostgresAdapter) {
    const lists = Array.from({ length: columns }, (_, column) => rows.map((row) => row[column]))
    await db.executeQuery(CompiledQuery.raw(ofLists, lists))
    return
  }
  let at = 0
  for (const { size, text } of ofRows) {
    for (; rows.length - at >= size; at += size) {
      await db.executeQuery(CompiledQuery.raw(text, rows.slice(at, at + size).flat()))
    }
  }
}
