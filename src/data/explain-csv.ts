import { FdsError } from '../errors.ts'
import type { CsvDialect } from './csv-dialect.ts'
import { takesCell } from './csv-kinds.ts'
import { decodeCell } from './csv-row.ts'
import { csvRows } from './csv-rows.ts'
import { type DataFile, reasonOf } from './data-file.ts'
import type { Kind } from './source.ts'

/**
 * Says why DuckDB could not read a CSV file: reads it again by slow rules and throws ROW_INVALID or
 * CELL_INVALID at the first row or cell that breaks them; FILE_UNREADABLE when none does. Cost: one slow
 * pass, about 80 MB/s.
 */
export async function explainCsv(input: {
  dataFile: DataFile
  dialect: CsvDialect
  /** By the column's place. */
  kinds: ReadonlyMap<number, Kind>
  failure: unknown
}): Promise<never> {
  const { dataFile, dialect, kinds, failure: cause } = input
  const { file } = dataFile
  const checked = [...kinds].filter(([, kind]) => kind !== 'text')
  let row = 0
  for await (const batch of csvRows(dataFile, dialect)) {
    for (const cells of batch) {
      row++
      const refusing = checked.find(([place, kind]) => !takesCell(kind, cells[place]!))
      if (!refusing) continue
      const [place, kind] = refusing
      const got = JSON.stringify(decodeCell(cells[place]!).slice(0, LONGEST_SHOWN))
      const expected = EXPECTED[kind]
      throw new FdsError(
        'CELL_INVALID',
        { file, row, column: dialect.names[place]!, expected, got },
        { cause },
      )
    }
  }
  throw new FdsError('FILE_UNREADABLE', { file, reason: reasonOf(cause) }, { cause })
}

const LONGEST_SHOWN = 60

const EXPECTED: Readonly<Record<Kind, string>> = {
  number: 'a number',
  boolean: 'true or false',
  time: 'a time (HH:MM:SS)',
  date: 'a date (YYYY-MM-DD)',
  timestamp: 'a timestamp (YYYY-MM-DD HH:MM:SS)',
  text: 'a text',
}
