import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { isMissing } from './csv-kinds.ts'
import type { Column, NumberColumn, Table } from './table.ts'
import { microseconds } from './table-times.ts'

/**
 * Writes CSV by RFC 4180 with commas and line feeds. Not through DuckDB, whose writer renames columns that
 * differ in case alone, leaves words such as NA unquoted, and needs a copy of the table.
 */
export async function writeCsv(path: string, table: Table, gzip: boolean): Promise<void> {
  const file = createWriteStream(path)
  if (gzip) await pipeline(csvText(table), createGzip(), file)
  else await pipeline(csvText(table), file)
}

const ROWS_A_PIECE = 2048

function* csvText({ rowCount, columns }: Table): Generator<string> {
  const cells = columns.map(cellWriter)
  // a table of one column without a name would have a blank line for a header
  yield `${columns.map(({ name }) => quoted(name)).join(',')}\n`
  for (let start = 0; start < rowCount; start += ROWS_A_PIECE) {
    let piece = ''
    for (let row = start; row < Math.min(rowCount, start + ROWS_A_PIECE); row++) piece += csvLine(cells, row)
    yield piece
  }
}

function csvLine(cells: readonly ((row: number) => string)[], row: number): string {
  let line = cells[0]!(row)
  for (let column = 1; column < cells.length; column++) line += `,${cells[column]!(row)}`
  return `${line}\n`
}

function cellWriter(column: Column): (row: number) => string {
  if (column.kind === 'text') {
    const texts = column.categories.map(quoted)
    return (row) => texts[column.codes[row]!] ?? ''
  }
  const { values, kind } = column
  const write = WRITERS[kind]
  return (row) => (Number.isNaN(values[row]) ? '' : write(values[row]!))
}

const WRITERS: Readonly<Record<NumberColumn['kind'], (value: number) => string>> = {
  number: numberText,
  boolean: (value) => (value === 0 ? 'false' : 'true'),
  timestamp: (seconds) => `${dateOf(seconds)}T${clockOf(seconds)}Z`,
  date: dateOf,
  time: clockOf,
}

function numberText(value: number): string {
  if (Number.isFinite(value)) return Object.is(value, -0) ? '-0' : String(value)
  return value > 0 ? 'inf' : '-inf'
}

function dateOf(seconds: number): string {
  return new Date(Math.floor(microseconds(seconds) / 1e6) * 1000).toISOString().slice(0, 10)
}

function clockOf(seconds: number): string {
  const micros = microseconds(seconds)
  const whole = Math.floor(micros / 1e6)
  const clock = new Date(whole * 1000).toISOString().slice(11, 19)
  const fraction = micros - whole * 1e6
  return fraction === 0 ? clock : `${clock}.${String(fraction).padStart(6, '0')}`
}

/** A text in quotes where it would not come back without them; a byte order mark, too, is quoted. */
function quoted(text: string): string {
  const plain = !isMissing(text) && !/[",;|\t\r\n\ufeff]|^\s|\s$/.test(text)
  return plain ? text : `"${text.replaceAll('"', '""')}"`
}
