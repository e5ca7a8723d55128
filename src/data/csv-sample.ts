import { FdsError } from '../errors.ts'
import type { CsvDialect } from './csv-dialect.ts'
import { KindGuess } from './csv-kinds.ts'
import { csvRows } from './csv-rows.ts'
import type { DataFile } from './data-file.ts'

/** What the first rows say. */
export interface CsvSample {
  readonly guess: KindGuess
  readonly rows: number
  /** Bytes that these rows take. */
  readonly bytes: number
  /** True when there are no other rows. */
  readonly whole: boolean
}

/** Reads the first 20,000 rows, or as many as hold a million cells, but at least 100. FILE_EMPTY, ROW_INVALID. */
export async function readSample(dataFile: DataFile, dialect: CsvDialect): Promise<CsvSample> {
  const width = dialect.names.length
  const most = Math.min(MOST_ROWS, Math.max(FEWEST_ROWS, Math.floor(MOST_CELLS / width)))
  const guess = new KindGuess(width)
  let rows = 0
  let bytes = 0
  for await (const batch of csvRows(dataFile, dialect)) {
    for (const cells of batch) {
      if (rows === most) return { guess, rows, bytes, whole: false }
      rows++
      bytes += seeRow(guess, cells)
    }
  }
  if (rows === 0) throw new FdsError('FILE_EMPTY', { file: dataFile.file })
  return { guess, rows, bytes, whole: true }
}

const MOST_ROWS = 20_000
const MOST_CELLS = 1_000_000
const FEWEST_ROWS = 100

function seeRow(guess: KindGuess, cells: readonly string[]): number {
  let bytes = cells.length
  for (let column = 0; column < cells.length; column++) {
    const cell = cells[column]!
    guess.see(column, cell)
    bytes += cell.length
  }
  return bytes
}
