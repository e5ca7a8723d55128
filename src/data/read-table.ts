import type { DuckDBConnection } from '@duckdb/node-api'
import { FdsError } from '../errors.ts'
import { machineMemory, openDatabase, queryRows, type Rows } from './duckdb.ts'
import { openSource } from './open-source.ts'
import { blockRowsOf, type Kind, type Source } from './source.ts'
import type { Table } from './table.ts'
import { createTableBuilder } from './table-builder.ts'

export interface ReadTableOptions {
  /** These columns alone, in the file's order; all of them by default. */
  readonly columns?: readonly string[]
  /** Columns read as text whatever they look like, such as ids; names that the file lacks are ignored. */
  readonly text?: readonly string[]
  /** Called with the rows read so far, every few thousand rows. */
  readonly onProgress?: (rows: number) => void
}

export interface ReadTableBatchesOptions extends ReadTableOptions {
  /** Rows a table, fewer in the last; default 65,536. */
  readonly batchRows?: number
}

/**
 * Reads a whole CSV (.csv, .csv.gz) or Parquet file (.parquet) into memory, through DuckDB on every core.
 *
 * CSV: UTF-8, a header, the delimiter `,` `;` tab or `|` as in the header, quotes as in RFC 4180. The kind of a
 * column comes from its first values (20,000 rows): number, boolean (true/false), ISO 8601 time, date or
 * timestamp, else text; a column of numbers but for one value in ten is number. A value of another kind is CELL_INVALID, never a guess; name the column in
 * `text` if it is text after all. Missing: an empty cell, `NA`, `N/A`, `NaN`, `null`, `None` and the like; in a text
 * column the empty text and these words stand for themselves where they are quoted. Infinite numbers are
 * kept. Integers beyond 2^53 lose digits as numbers, so ids belong in `text`.
 *
 * Memory: 8 bytes a number and 4 a text cell, plus each distinct text, with about a tenth more while reading.
 * A file whose table would take more than 70 % of the machine's memory is refused (FILE_TOO_LARGE) before it
 * is read; `readTableBatches` reads files of any size.
 *
 * Errors: FILE_NOT_FOUND, FILE_FORMAT_UNKNOWN, FILE_EMPTY, FILE_UNREADABLE, FILE_TOO_LARGE, ROW_INVALID,
 * CELL_INVALID (row 1 follows the header), COLUMN_DUPLICATE, COLUMN_MISSING, COLUMN_TYPE_INVALID.
 * Cost: a million rows of 40 columns in about 5 s on two cores; a refusal far down costs one slow pass more.
 */
export async function readTable(file: string, options: ReadTableOptions = {}): Promise<Table> {
  await using database = await openDatabase()
  const source = await openFor(database.connection, file, options)
  requireRoom({ file, rows: source.rows, columns: source.columns.length, memory: machineMemory() })
  const builder = createTableBuilder(source.columns, blockRowsOf(source))
  for await (const { chunk, rowCount } of sourceRows(database.connection, source)) {
    builder.append(chunk, 0, rowCount)
    options.onProgress?.(builder.rowCount)
  }
  return builder.finish()
}

/**
 * Reads a file of any size as tables of `batchRows` rows, in order, by the rules of `readTable`. Kinds are the
 * same in every table; the categories of a text column are each table's own. Stopping early closes the file.
 * Memory: one table and what DuckDB reads ahead. Errors as for `readTable`, PARAM_INVALID for FILE_TOO_LARGE.
 */
export async function* readTableBatches(
  file: string,
  options: ReadTableBatchesOptions = {},
): AsyncGenerator<Table> {
  const { batchRows = 65_536, onProgress } = options
  requireBatch(batchRows)
  await using database = await openDatabase()
  const source = await openFor(database.connection, file, options)
  const builder = createTableBuilder(source.columns, batchRows)
  let rows = 0
  for await (const { chunk, rowCount } of sourceRows(database.connection, source)) {
    for (let start = 0; start < rowCount; ) {
      const end = Math.min(rowCount, start + batchRows - builder.rowCount)
      builder.append(chunk, start, end)
      start = end
      if (builder.rowCount === batchRows) yield builder.finish()
    }
    rows += rowCount
    onProgress?.(rows)
  }
  if (builder.rowCount > 0) yield builder.finish()
}

function requireBatch(batchRows: number): void {
  if (Number.isInteger(batchRows) && batchRows > 0) return
  throw new FdsError('PARAM_INVALID', {
    name: 'batchRows',
    expected: 'a whole number above 0',
    got: String(batchRows),
  })
}

/** FILE_TOO_LARGE when a table of 8-byte cells would take more than 70 % of the memory (bytes). */
export function requireRoom(input: { file: string; rows: number; columns: number; memory: number }): void {
  const { file, rows, columns, memory } = input
  const needed = rows * columns * 8
  if (needed <= 0.7 * memory) return
  throw new FdsError('FILE_TOO_LARGE', { file, neededGiB: gibibytes(needed), memoryGiB: gibibytes(memory) })
}

function gibibytes(bytes: number): number {
  return Math.ceil((bytes / 2 ** 30) * 10) / 10
}

function openFor(
  connection: DuckDBConnection,
  file: string,
  { columns, text }: ReadTableOptions,
): Promise<Source> {
  const kinds = new Map<string, Kind>(text?.map((name) => [name, 'text']))
  return openSource({ connection, file, kinds, ...(columns && { columns }) })
}

/** The source's rows; its failures in plain words. */
async function* sourceRows(connection: DuckDBConnection, source: Source): AsyncGenerator<Rows> {
  const values = source.columns.map((column) => column.value)
  const reading = queryRows(connection, { values, from: source.from })
  let rows = 0
  for (;;) {
    const next = await reading.next().catch(source.explain)
    if (next.done) break
    rows += next.value.rowCount
    yield next.value
  }
  if (rows < source.rowsSeen)
    await source.explain(new Error(`${source.rowsSeen - rows} of its rows are lost`))
}
