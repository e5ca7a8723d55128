import {
  DOUBLE as DOUBLE_TYPE,
  type DuckDBAppender,
  type DuckDBConnection,
  DuckDBDataChunk,
  VARCHAR as VARCHAR_TYPE,
} from '@duckdb/node-api'
import { openDatabase, sqlName, sqlText } from './duckdb.ts'
import type { Column, Table } from './table.ts'
import { microseconds } from './table-times.ts'

/** Writes Parquet through a DuckDB table of its own, one thread so that the same table gives the same bytes. */
export async function writeParquet(path: string, table: Table): Promise<void> {
  await using database = await openDatabase()
  const { connection } = database
  await connection.run('SET threads = 1')
  await stageTables(connection, [table])
  const columns = table.columns.map(
    (column, place) => `${stagedValue(column, place)} AS ${sqlName(column.name)}`,
  )
  await connection.run(
    `COPY (SELECT ${columns.join(', ')} FROM staged) TO ${sqlText(path)} (FORMAT parquet, COMPRESSION zstd)`,
  )
}

/**
 * Appends tables of the same columns to the table `staged`, with columns c0, c1, …: numbers as they are, times in
 * microseconds. Gives the first table, without which there are no columns, and the number of rows.
 */
export async function stageTables(
  connection: DuckDBConnection,
  tables: Iterable<Table> | AsyncIterable<Table>,
): Promise<{ first: Table | undefined; rows: number }> {
  let first: Table | undefined
  let appender: DuckDBAppender | undefined
  let rows = 0
  for await (const table of tables) {
    first ??= table
    appender ??= await createStage(connection, table)
    for (let start = 0; start < table.rowCount; start += ROWS_A_CHUNK) {
      appendRows(appender, table, start, Math.min(table.rowCount, start + ROWS_A_CHUNK))
    }
    rows += table.rowCount
  }
  appender?.closeSync()
  return { first, rows }
}

/** What a staged column holds, as its kind's own type. */
export function stagedValue(column: Column, place: number): string {
  return VALUES[column.kind](`c${place}`)
}

async function createStage(connection: DuckDBConnection, table: Table): Promise<DuckDBAppender> {
  const types = table.columns.map(
    (column, place) => `c${place} ${column.kind === 'text' ? 'VARCHAR' : 'DOUBLE'}`,
  )
  await connection.run(`CREATE TEMP TABLE staged (${types.join(', ')})`)
  return connection.createAppender('staged')
}

const ROWS_A_CHUNK = 2048

function appendRows(appender: DuckDBAppender, table: Table, start: number, end: number): void {
  const types = table.columns.map((column) => (column.kind === 'text' ? VARCHAR_TYPE : DOUBLE_TYPE))
  const chunk = DuckDBDataChunk.create(types, end - start)
  for (const [place, column] of table.columns.entries())
    chunk.setColumnValues(place, stagedValues(column, start, end))
  appender.appendDataChunk(chunk)
}

function stagedValues(column: Column, start: number, end: number): (number | string | null)[] {
  if (column.kind === 'text')
    return Array.from(column.codes.subarray(start, end), (code) => column.categories[code] ?? null)
  const scale =
    column.kind === 'number' || column.kind === 'boolean' ? (value: number) => value : microseconds
  return Array.from(column.values.subarray(start, end), (value) =>
    Number.isNaN(value) ? null : scale(value),
  )
}

const VALUES: Readonly<Record<Column['kind'], (x: string) => string>> = {
  number: (x) => x,
  boolean: (x) => `${x}::BOOLEAN`,
  timestamp: (x) => `make_timestamp(${x}::BIGINT)::TIMESTAMPTZ`,
  date: (x) => `make_timestamp(${x}::BIGINT)::DATE`,
  time: (x) => `make_timestamp(${x}::BIGINT)::TIME`,
  text: (x) => x,
}
