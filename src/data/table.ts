import { FdsError } from '../errors.ts'

/**
 * A column of numbers. NaN is missing. By `kind`: `number` as it stands; `boolean` 0 or 1;
 * `timestamp` seconds since 1970 UTC; `date` seconds at that day's midnight UTC; `time` seconds since midnight.
 */
export interface NumberColumn {
  readonly name: string
  readonly kind: 'number' | 'boolean' | 'timestamp' | 'date' | 'time'
  readonly values: Float64Array
}

/** A column of texts, each text stored once: row i holds `categories[codes[i]]`; code -1 is missing. */
export interface TextColumn {
  readonly name: string
  readonly kind: 'text'
  readonly codes: Int32Array
  readonly categories: readonly string[]
}

export type Column = NumberColumn | TextColumn

/** Columns of equal length, in the file's order, with different names. */
export interface Table {
  readonly rowCount: number
  readonly columns: readonly Column[]
}

/** The column of that name, or COLUMN_MISSING with the names that exist. */
export function columnOf(table: Table, name: string): Column {
  const column = table.columns.find((candidate) => candidate.name === name)
  if (column) return column
  throw new FdsError('COLUMN_MISSING', { column: name, known: table.columns.map((c) => c.name) })
}

/** The same columns with the given rows, in the given order. */
export function selectRows(table: Table, rows: Int32Array): Table {
  return { rowCount: rows.length, columns: table.columns.map((column) => takeRows(column, rows)) }
}

/** Rows as plain objects, for a preview or a request body; missing is `null`. */
export function* tableRows(table: Table): Generator<Record<string, number | string | boolean | null>> {
  for (let row = 0; row < table.rowCount; row++) {
    yield Object.fromEntries(table.columns.map((column) => [column.name, cellOf(column, row)]))
  }
}

/** One cell as JSON would carry it: boolean as true or false, times as ISO text, missing as `null`. */
export function cellOf(column: Column, row: number): number | string | boolean | null {
  if (column.kind === 'text') return column.categories[column.codes[row]!] ?? null
  const value = column.values[row]!
  if (Number.isNaN(value)) return null
  if (column.kind === 'number') return value
  if (column.kind === 'boolean') return value === 1
  if (column.kind === 'time') return new Date(value * 1000).toISOString().slice(11, 19)
  const iso = new Date(value * 1000).toISOString()
  return column.kind === 'date' ? iso.slice(0, 10) : iso
}

function takeRows(column: Column, rows: Int32Array): Column {
  if (column.kind === 'text') return { ...column, codes: rows.map((row) => column.codes[row]!) }
  return { ...column, values: Float64Array.from(rows, (row) => column.values[row]!) }
}
