import { isUtf8 } from 'node:buffer'
import { FdsError } from '../errors.ts'
import { byteChunks } from './byte-chunks.ts'
import type { CsvDialect } from './csv-dialect.ts'
import { type CsvRow, headerStart, rowAt } from './csv-row.ts'
import type { DataFile } from './data-file.ts'

/**
 * The rows after the header, a megabyte of them at a time, cut by rules written to be read: the sample that
 * decides on column kinds, and the search for the row that DuckDB refused. Cells hold bytes (`decodeCell`).
 * Blank lines are skipped where there is more than one column; in a file of one column they are rows.
 *
 * ROW_INVALID names the first broken row (row 1 follows the header): wrong number of cells, a quote that does
 * not end, bytes that are not UTF-8, a line end unlike the header's, more than 2,000,000 bytes. About 150 MB/s.
 */
export async function* csvRows(
  dataFile: DataFile,
  dialect: CsvDialect,
): AsyncGenerator<readonly (readonly string[])[]> {
  const state: Cutting = { file: dataFile.file, dialect, text: '', row: -1 }
  for await (const chunk of byteChunks(dataFile)) {
    state.text += chunk.toString('latin1')
    yield cutRows(state, false)
  }
  yield cutRows(state, true)
}

interface Cutting {
  readonly file: string
  readonly dialect: CsvDialect
  /** What is not cut yet. */
  text: string
  /** The last row cut; 0 is the header. */
  row: number
}

const LONGEST_ROW = 2_000_000

function cutRows(state: Cutting, final: boolean): string[][] {
  const { text, dialect } = state
  const rows: string[][] = []
  let start = state.row < 0 ? headerStart(text) : 0
  while (start < text.length) {
    const found = rowAt({ text, start, final, rules: dialect })
    if (!found) break
    const cells = acceptRow(state, found, text.slice(start, found.next))
    if (cells) rows.push(cells)
    start = found.next
  }
  state.text = text.slice(start)
  if (state.text.length > LONGEST_ROW) {
    state.row++
    refuse(state, `must be at most ${LONGEST_ROW} bytes long; is a quote left open?`)
  }
  return rows
}

/** The cells of a data row, checked; `undefined` for the header and for a blank line. */
function acceptRow(state: Cutting, { cells, problem }: CsvRow, line: string): string[] | undefined {
  const width = state.dialect.names.length
  if (width > 1 && /^[\r\n]*$/.test(line) && !problem) return undefined
  state.row++
  if (state.row === 0) return undefined
  if (problem) refuse(state, problem)
  // DuckDB, too, lets a row end in one delimiter too many
  const oneMore = cells.length === width + 1 && line.replace(/[\r\n]+$/, '').endsWith(state.dialect.delimiter)
  const row = oneMore ? cells.slice(0, width) : [...cells]
  if (row.length !== width) refuse(state, `must have ${width} cells, got ${row.length}`)
  if (/[\x80-\xff]/.test(line) && !isUtf8(Buffer.from(line, 'latin1'))) refuse(state, 'must be UTF-8 text')
  return row
}

function refuse({ file, row }: Cutting, reason: string): never {
  throw new FdsError('ROW_INVALID', { file, row, reason })
}
