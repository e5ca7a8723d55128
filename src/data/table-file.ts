import type { DuckDBConnection } from '@duckdb/node-api'
import { openDatabase, queryRows } from './duckdb.ts'
import { openSource } from './open-source.ts'
import { blockRowsOf, type Kind, type Source, type SourceColumn } from './source.ts'
import type { Table } from './table.ts'
import { createTableBuilder } from './table-builder.ts'

/** A file that is open for reading some of its columns after others. */
export interface TableFile extends AsyncDisposable {
  readonly columns: readonly { readonly name: string; readonly kind: Kind }[]
  /** Of a CSV file an estimate from its first rows. */
  readonly rows: number
  /** These columns, in the file's order, as `readTable` gives them. */
  read(names: readonly string[]): Promise<Table>
  /** How many rows have each text of a column, counted within DuckDB; no text is in two pieces. */
  countTexts(name: string): AsyncGenerator<CountedTexts>
}

/** Texts that differ, the rows that have them, and rows without a text. */
export interface CountedTexts {
  readonly texts: readonly string[]
  readonly counts: ArrayLike<number>
  readonly missing: number
}

/**
 * Opens a file for reading by columns, by the rules and with the errors of `readTable`, FILE_TOO_LARGE apart. Of a
 * Parquet file only the columns asked for are read; a CSV file is read whole each time. `share` as in `openDatabase`, `text`
 * as in `readTable`.
 */
export async function openTable(
  file: string,
  options: { readonly share?: number; readonly text?: readonly string[] } = {},
): Promise<TableFile> {
  const database = await openDatabase(options)
  const kinds = new Map<string, Kind>(options.text?.map((name) => [name, 'text']))
  const { connection } = database
  const source = await openSource({ connection, file, kinds }).catch(async (error: unknown) => {
    await database[Symbol.asyncDispose]()
    throw error
  })
  const byName = new Map(source.columns.map((column) => [column.name, column]))
  return {
    columns: source.columns.map(({ name, kind }) => ({ name, kind })),
    rows: source.rows,
    read: (names) =>
      readColumns(
        connection,
        source,
        names.map((name) => byName.get(name)!),
      ),
    countTexts: (name) => countTexts(connection, source, byName.get(name)!),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  }
}

async function readColumns(
  connection: DuckDBConnection,
  source: Source,
  columns: readonly SourceColumn[],
): Promise<Table> {
  const builder = createTableBuilder(columns, blockRowsOf(source))
  const values = columns.map(({ value }) => value)
  try {
    for await (const { chunk, rowCount } of queryRows(connection, { values, from: source.from })) {
      builder.append(chunk, 0, rowCount)
    }
  } catch (failure) {
    await source.explain(failure)
  }
  return builder.finish()
}

async function* countTexts(
  connection: DuckDBConnection,
  source: Source,
  { value }: SourceColumn,
): AsyncGenerator<CountedTexts> {
  const from = `(SELECT ${value} AS x, count(*)::DOUBLE AS rows FROM ${source.from} GROUP BY ALL)`
  const reading = queryRows(connection, { values: ['x', 'rows'], from })
  for (;;) {
    const next = await reading.next().catch(source.explain)
    if (next.done) return
    const { chunk, rowCount } = next.value
    const texts = chunk.getColumnValues(0).slice(0, rowCount) as (string | null)[]
    const counts = chunk.getColumnValues(1).slice(0, rowCount) as number[]
    const gap = texts.indexOf(null)
    const missing = gap < 0 ? 0 : counts[gap]!
    if (gap >= 0) for (const list of [texts, counts]) list.splice(gap, 1)
    yield { texts: texts as string[], counts, missing }
  }
}
