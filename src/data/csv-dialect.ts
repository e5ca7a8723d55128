import { isUtf8 } from 'node:buffer'
import { FdsError } from '../errors.ts'
import { byteChunks } from './byte-chunks.ts'
import { type CsvRules, decodeCell, headerStart, rowAt } from './csv-row.ts'
import type { DataFile } from './data-file.ts'

/** How a CSV file is written, and its column names. */
export interface CsvDialect extends CsvRules {
  readonly names: readonly string[]
  /** Blank lines before the header. */
  readonly skip: number
}

const DELIMITERS = [',', ';', '\t', '|']
const HEAD_BYTES = 4_000_000
const BYTE_ORDER_MARK = '\xef\xbb\xbf'

/**
 * Reads the header. The delimiter is the one of `,` `;` tab `|` that cuts it into most cells, the comma where
 * they tie; the line end is the header's. A name that is empty becomes `Unnamed: 0` with its place, as in
 * pandas. FILE_EMPTY, COLUMN_DUPLICATE, FILE_UNREADABLE (not UTF-8, a header of more than 4 MB).
 */
export async function readDialect(dataFile: DataFile): Promise<CsvDialect> {
  const { file } = dataFile
  let text = ''
  for await (const chunk of byteChunks(dataFile)) {
    text += chunk.toString('latin1')
    const dialect = dialectOf(file, text, false)
    if (dialect) return dialect
    if (text.length > HEAD_BYTES)
      throw new FdsError('FILE_UNREADABLE', { file, reason: 'its header does not end within 4 MB' })
  }
  const dialect = dialectOf(file, text, true)
  if (!dialect) throw new FdsError('FILE_EMPTY', { file })
  return dialect
}

/** `undefined` while the header does not end in this text. */
function dialectOf(file: string, text: string, final: boolean): CsvDialect | undefined {
  const start = headerStart(text)
  const lineEnd = /\r\n|\n|\r/.exec(text.replace(/"[^"]*"/g, ''))?.[0] ?? '\n'
  if (start === text.length || (!final && text.at(-1) === '\r')) return undefined
  const readings = DELIMITERS.flatMap((delimiter) => {
    const rules = { delimiter, lineEnd }
    const row = rowAt({ text, start, final, rules })
    return row ? [{ rules, row }] : []
  })
  if (readings.length === 0) return undefined
  const best = readings.reduce((a, b) => (b.row.cells.length > a.row.cells.length ? b : a))
  const { problem, cells } = best.row
  if (problem) throw new FdsError('FILE_UNREADABLE', { file, reason: `in its header ${problem}` })
  const blankLines = text.slice(0, start).replace(BYTE_ORDER_MARK, '').length / lineEnd.length
  return { ...best.rules, skip: blankLines, names: namesOf(file, cells) }
}

function namesOf(file: string, cells: readonly string[]): string[] {
  if (!cells.every((cell) => isUtf8(Buffer.from(cell, 'latin1')))) {
    throw new FdsError('FILE_UNREADABLE', { file, reason: 'it is not UTF-8 text' })
  }
  const names = cells.map((cell, place) => decodeCell(cell) || `Unnamed: ${place}`)
  requireDifferentNames(file, names)
  return names
}

/** COLUMN_DUPLICATE names the first that comes twice. */
export function requireDifferentNames(file: string, names: readonly string[]): void {
  const seen = new Set<string>()
  for (const column of names) {
    if (seen.has(column)) throw new FdsError('COLUMN_DUPLICATE', { file, column })
    seen.add(column)
  }
}
