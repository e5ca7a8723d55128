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
  await stage(connection, table)
  const columns = table.columns.map(
    (column, place) => `${VALUES[column.kind](`c${place}`)} AS ${sqlName(column.name)}`,
  )
  await connection.run(
    `COPY (SELECT ${columns.join(', ')} FROM staged) TO ${sqlText(path)} (FORMAT parquet, COMPRESSION zstd)`,
  )
}

/** Numbers as they are, times in microseconds. */
async function stage(connection: DuckDBConnection, table: Table): Promise<void> {
  const types = table.columns.map(
    (column, place) => `c${place} ${column.kind === 'text' ? 'VARCHAR' : 'DOUBLE'}`,
  )
  await connection.run(`CREATE TEMP TABLE staged (${types.join(', ')})`)
  const appender = await connection.createAppender('staged')
  for (let start = 0; start < table.rowCount; start += ROWS_A_CHUNK) {
    appendRows(appender, table, start, Math.min(table.rowCount, start + ROWS_A_CHUNK))
  }
  appender.closeSync()
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
