import type { DuckDBConnection } from '@duckdb/node-api'
import { byteChunks } from './byte-chunks.ts'
import { chooseColumns } from './choose-columns.ts'
import { readDialect } from './csv-dialect.ts'
import type { KindGuess } from './csv-kinds.ts'
import { readSample } from './csv-sample.ts'
import { CSV_MACROS, csvFrom, csvValue } from './csv-sql.ts'
import type { DataFile } from './data-file.ts'
import { queryRows } from './duckdb.ts'
import { explainCsv } from './explain-csv.ts'
import type { Source, SourceColumn, SourceInput } from './source.ts'

/**
 * A CSV file as a source. Gzip data are verified first, whole. Kinds come from the first 20,000 rows (fewer
 * of a table wider than 50 columns, at least 100); a column without a value there is looked up further down,
 * and is a number column if it has no value at all.
 *
 * Errors: FILE_EMPTY, FILE_UNREADABLE, COLUMN_DUPLICATE, COLUMN_MISSING, ROW_INVALID; CELL_INVALID by `explain`.
 */
export async function openCsvSource(input: SourceInput): Promise<Source> {
  const { dataFile, connection, kinds: given } = input
  const bytes = await contentBytes(dataFile)
  const dialect = await readDialect(dataFile)
  const chosen = chooseColumns(dialect.names, input.columns)
  const sample = await readSample(dataFile, dialect)

  const from = csvFrom(dataFile, dialect)
  const known = (place: number) => given?.get(dialect.names[place]!) ?? sample.guess.kindOf(place)
  await connection.run(CSV_MACROS)
  if (!sample.whole) {
    const open = chosen.filter((place) => known(place) === undefined)
    const looking = lookFurther({ connection, from, open, guess: sample.guess })
    await looking.catch((failure) => explainCsv({ dataFile, dialect, kinds: new Map(), failure }))
  }
  const kinds = new Map(chosen.map((place) => [place, known(place) ?? 'number']))
  return {
    columns: [...kinds].map(([place, kind]): SourceColumn => {
      return { name: dialect.names[place]!, kind, value: csvValue(kind, `c${place}`, chosen.length > WIDE) }
    }),
    from,
    rows: Math.ceil((bytes / sample.bytes) * sample.rows),
    rowsSeen: sample.rows,
    explain: (failure) => explainCsv({ dataFile, dialect, kinds, failure }),
  }
}

const WIDE = 1_000

/** Length of the text, unzipped. */
async function contentBytes(dataFile: DataFile): Promise<number> {
  if (dataFile.format === 'csv') return dataFile.bytes
  let bytes = 0
  for await (const chunk of byteChunks(dataFile)) bytes += chunk.length
  return bytes
}

/** Passes over the file until each open column has shown a value or has none. */
async function lookFurther(input: {
  connection: DuckDBConnection
  from: string
  open: readonly number[]
  guess: KindGuess
}): Promise<void> {
  const { connection, from, open, guess } = input
  if (open.length === 0) return
  const names = open.map((place) => `c${place}`)
  const anyValue = names.map((name) => `NOT coalesce(fds_blank(${name}), true)`).join(' OR ')
  const query = { values: names, from: `${from} WHERE ${anyValue} LIMIT ${ROWS_A_LOOK}` }
  for await (const { chunk, rowCount } of queryRows(connection, query)) {
    open.forEach((place, index) => {
      seeTexts(guess, place, chunk.getColumnValues(index).slice(0, rowCount))
    })
  }
  const still = open.filter((place) => guess.kindOf(place) === undefined)
  if (still.length < open.length) await lookFurther({ ...input, open: still })
}

function seeTexts(guess: KindGuess, place: number, values: readonly unknown[]): void {
  for (const value of values) if (typeof value === 'string') guess.see(place, value)
}

const ROWS_A_LOOK = 20_000
