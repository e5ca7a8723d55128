import type { DuckDBConnection } from '@duckdb/node-api'
import { openDatabase, sqlName, sqlText } from './duckdb.ts'
import type { Table } from './table.ts'
import { stagedValue, stageTables } from './write-parquet.ts'
import { replaceFile } from './write-table.ts'

/**
 * Writes tables of the same columns as one Parquet file in which the texts of the column `json`, each a JSON object,
 * are spread: after the other columns comes one for each key, in the order in which keys first occur. A key whose
 * values are all numbers, all true or false, or all ISO times with their zone (or dates) becomes a column of
 * numbers, truth values or timestamps; any other one holds texts, what is no text as its JSON. Missing and null are
 * NULL. A key that differs from a name before it in case alone, which readers of Parquet do not tell apart, gets `_`
 * at its end.
 *
 * The file appears whole or not at all. Memory is bounded: DuckDB spills what is too much. STORAGE_FAILED.
 *
 * @returns how many rows were written; without any there is no file
 */
export async function writeJsonParquet(
  file: string,
  { tables, json }: { tables: AsyncIterable<Table>; json: string },
): Promise<number> {
  await using database = await openDatabase({ share: 0.5 })
  const { connection } = database
  const { first, rows } = await stageTables(connection, tables)
  if (!first) return 0
  const place = first.columns.findIndex(({ name }) => name === json)
  const cells = new SpreadCells(connection, `c${place}`, await keysOf(connection, `c${place}`))
  const taken = new Set<string>()
  const columns = [
    ...first.columns.flatMap((column, at) =>
      at === place ? [] : [`${stagedValue(column, at)} AS ${uniqueName(column.name, taken)}`],
    ),
    ...(await cells.values()).map(({ key, value }) => `${value} AS ${uniqueName(key, taken)}`),
  ]
  const query = `SELECT ${columns.join(', ')} FROM ${cells.from}`
  await replaceFile(file, async (path) => {
    await connection.run(`COPY (${query}) TO ${sqlText(path)} (FORMAT parquet, COMPRESSION zstd)`)
  })
  return rows
}

function uniqueName(wanted: string, taken: Set<string>): string {
  let name = wanted
  while (taken.has(name.toLowerCase())) name += '_'
  taken.add(name.toLowerCase())
  return sqlName(name)
}

/** Each key with DuckDB's word for what its values are. */
async function keysOf(connection: DuckDBConnection, column: string): Promise<[key: string, kind: unknown][]> {
  const result = await connection.runAndReadAll(
    `SELECT json_group_structure(${column}::JSON)::VARCHAR FROM staged`,
  )
  return Object.entries(JSON.parse(String(result.getRows()[0]![0])) as Record<string, unknown>)
}

const NUMBERS = new Set<unknown>(['UBIGINT', 'BIGINT', 'HUGEINT', 'UHUGEINT', 'DOUBLE'])
const ISO_INSTANT = String.raw`\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d))?`

/** The values of keys, found in one pass over each object. */
class SpreadCells {
  readonly from: string
  readonly #connection: DuckDBConnection
  readonly #keys: readonly [string, unknown][]

  constructor(connection: DuckDBConnection, column: string, keys: readonly [string, unknown][]) {
    this.#connection = connection
    this.#keys = keys
    const pointers = keys.map(([key]) => sqlText(`/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`))
    this.from = `(SELECT *, json_extract_string(${column}, [${pointers.join(', ')}]) AS cells FROM staged)`
  }

  async values(): Promise<{ key: string; value: string }[]> {
    const times = await this.#times()
    return this.#keys.map(([key, kind], at) => {
      const cell = `cells[${at + 1}]`
      if (NUMBERS.has(kind)) return { key, value: `TRY_CAST(${cell} AS DOUBLE)` }
      if (kind === 'BOOLEAN') return { key, value: `${cell}::BOOLEAN` }
      return { key, value: times.has(at) ? `${cell}::TIMESTAMPTZ` : cell }
    })
  }

  /** Places of the keys whose texts are all times. */
  async #times(): Promise<Set<number>> {
    const texts = this.#keys.flatMap(([, kind], at) => (kind === 'VARCHAR' ? [at] : []))
    if (texts.length === 0) return new Set()
    const isTime = (at: number) => {
      const cell = `cells[${at + 1}]`
      const looks = `regexp_full_match(${cell}, ${sqlText(ISO_INSTANT)})`
      return `bool_and(${cell} IS NULL OR (${looks} AND TRY_CAST(${cell} AS TIMESTAMPTZ) IS NOT NULL))`
    }
    const result = await this.#connection.runAndReadAll(
      `SELECT ${texts.map(isTime).join(', ')} FROM ${this.from}`,
    )
    const answers = result.getRows()[0]!
    return new Set(texts.filter((_, i) => answers[i] === true))
  }
}
