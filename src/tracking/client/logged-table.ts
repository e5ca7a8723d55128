import { FdsError } from '../../errors.ts'
import { parseTolerant } from './read-answer.ts'

/** A table as pandas writes it with `orient="split"`: cells are JSON values, a missing one is null. */
export interface LoggedTable {
  readonly columns: readonly string[]
  readonly data: readonly (readonly unknown[])[]
}

/** A table by rows, or by columns, where a single value stands for each row. */
export type TableInput = readonly Readonly<Record<string, unknown>>[] | Readonly<Record<string, unknown>>

/**
 * A table from rows or columns. USAGE where columns differ in length.
 *
 * @example
 * tableOf({ input: ['a', 'b'], score: [0.5, 1] }) // { columns: ['input', 'score'], data: [['a', 0.5], ['b', 1]] }
 * tableOf([{ a: 1 }, { b: 2 }]) // { columns: ['a', 'b'], data: [[1, null], [null, 2]] }
 */
export function tableOf(input: TableInput): LoggedTable {
  if (Array.isArray(input)) return tableOfRows(input as readonly Readonly<Record<string, unknown>>[])
  const lists = Object.values(input).filter((value) => Array.isArray(value))
  const [length = 1, ...others] = new Set(lists.map((list) => list.length))
  if (others.length > 0) {
    throw new FdsError('USAGE', {
      reason: `Columns must be of one length, got ${[length, ...others].join(', ')}`,
    })
  }
  const data = Array.from({ length }, (_, row) =>
    Object.values(input).map((value) => (Array.isArray(value) ? value[row] : value)),
  )
  return { columns: Object.keys(input), data }
}

/** The rows of both, with the columns of both. */
export function appendTable(before: LoggedTable, added: LoggedTable): LoggedTable {
  const columns = [...new Set([...before.columns, ...added.columns])]
  const fitted = [before, added].flatMap((table) => {
    const places = columns.map((column) => table.columns.indexOf(column))
    return table.data.map((row) => places.map((place) => (place < 0 ? null : row[place])))
  })
  return { columns, data: fitted }
}

/** NaN and the infinities become null, as pandas writes them; dates become ISO texts. */
export function encodeTable(table: LoggedTable): string {
  return JSON.stringify(table, (_, value) => (typeof value === 'bigint' ? Number(value) : value))
}

/** STORAGE_FAILED for a text that holds no such table. */
export function decodeTable(text: string, file: string): LoggedTable {
  const table = parseTolerant(text) as Partial<LoggedTable> | null | undefined
  if (Array.isArray(table?.columns) && Array.isArray(table.data)) {
    return { columns: table.columns.map(String), data: table.data }
  }
  throw new FdsError('STORAGE_FAILED', {
    what: file,
    reason: 'it is not a table in JSON with columns and data',
  })
}

function tableOfRows(rows: readonly Readonly<Record<string, unknown>>[]): LoggedTable {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  return { columns, data: rows.map((row) => columns.map((column) => row[column] ?? null)) }
}
