import { type DuckDBConnection, type DuckDBType, DuckDBTypeId as Id } from '@duckdb/node-api'
import { FdsError } from '../errors.ts'
import { chooseColumns } from './choose-columns.ts'
import { requireDifferentNames } from './csv-dialect.ts'
import { type DataFile, reasonOf } from './data-file.ts'
import { sqlPath } from './duckdb.ts'
import type { Kind, Source, SourceColumn, SourceInput } from './source.ts'

/**
 * A Parquet file as a source: kinds are the file's own, except that a column may be asked for as text.
 *
 * Errors: FILE_UNREADABLE, COLUMN_DUPLICATE, COLUMN_MISSING; COLUMN_TYPE_INVALID for a chosen column of lists,
 * structures, bytes or intervals. Cost: reads the file's footer.
 */
export async function openParquetSource(input: SourceInput): Promise<Source> {
  const { dataFile, connection, kinds } = input
  const explain = async (cause: unknown): Promise<never> => {
    throw new FdsError('FILE_UNREADABLE', { file: dataFile.file, reason: reasonOf(cause) }, { cause })
  }
  const footer = await readFooter(connection, dataFile).catch(explain)
  requireDifferentNames(dataFile.file, footer.names)
  const columns = chooseColumns(footer.names, input.columns).map((place): SourceColumn => {
    const name = footer.names[place]!
    return columnOfType({
      name,
      type: footer.types[place]!,
      asText: kinds?.get(name) === 'text',
      x: `c${place}`,
    })
  })
  const places = footer.names.map((_, place) => `c${place}`)
  return {
    columns,
    from: `${parquetTable(dataFile)} AS file(${places.join(', ')})`,
    rows: footer.rows,
    rowsSeen: footer.rows,
    explain,
  }
}

interface Footer {
  readonly names: readonly string[]
  readonly types: readonly DuckDBType[]
  readonly rows: number
}

async function readFooter(connection: DuckDBConnection, dataFile: DataFile): Promise<Footer> {
  const path = sqlPath(dataFile.path)
  const head = await connection.run(`SELECT * FROM ${parquetTable(dataFile)} LIMIT 0`)
  const sizes = await connection.runAndReadAll(`SELECT num_rows FROM parquet_file_metadata(${path})`)
  const schema = await connection.runAndReadAll(
    `SELECT name, coalesce(num_children, 0)::INTEGER FROM parquet_schema(${path})`,
  )
  const elements = schema.getRows() as [name: string, children: number][]
  return { names: topLevelNames(elements), types: head.columnTypes(), rows: Number(sizes.getRows()[0]![0]) }
}

function parquetTable({ path }: DataFile): string {
  return `read_parquet(${sqlPath(path)}, hive_partitioning = false)`
}

/** The schema lists a tree in depth-first order, its root first; DuckDB's own names would end in _1 where two differ in case alone. */
function topLevelNames(elements: readonly [name: string, children: number][]): string[] {
  const names: string[] = []
  for (let at = 1; at < elements.length; at = afterSubtree(elements, at)) names.push(elements[at]![0])
  return names
}

function afterSubtree(elements: readonly [name: string, children: number][], start: number): number {
  let next = start + 1
  for (let open = elements[start]![1]; open > 0; open--) next = afterSubtree(elements, next)
  return next
}

const NUMBERS = new Set([
  ...[Id.TINYINT, Id.SMALLINT, Id.INTEGER, Id.BIGINT, Id.HUGEINT, Id.UTINYINT, Id.USMALLINT, Id.UINTEGER],
  ...[Id.UBIGINT, Id.UHUGEINT, Id.FLOAT, Id.DOUBLE, Id.DECIMAL],
])
const KINDS: ReadonlyMap<Id, Kind> = new Map([
  ...[...NUMBERS].map((id) => [id, 'number'] as const),
  ...[Id.TIMESTAMP, Id.TIMESTAMP_S, Id.TIMESTAMP_MS, Id.TIMESTAMP_NS, Id.TIMESTAMP_TZ].map(
    (id) => [id, 'timestamp'] as const,
  ),
  ...[Id.VARCHAR, Id.ENUM, Id.UUID].map((id) => [id, 'text'] as const),
  [Id.BOOLEAN, 'boolean'],
  [Id.DATE, 'date'],
  [Id.TIME, 'time'],
])

function columnOfType(input: { name: string; type: DuckDBType; asText: boolean; x: string }): SourceColumn {
  const { name, type, asText, x } = input
  const kind = KINDS.get(type.typeId)
  if (kind === undefined) {
    throw new FdsError('COLUMN_TYPE_INVALID', {
      column: name,
      expected: 'a number, boolean, time or text',
      got: String(type),
    })
  }
  if (kind === 'text' || asText) return { name, kind: 'text', value: textOf(type, x) }
  const number = kind === 'number' || kind === 'boolean' ? `CAST(${x} AS DOUBLE)` : `epoch_us(${x}) / 1e6`
  return { name, kind, value: `coalesce(${number}, 'nan'::DOUBLE)` }
}

/** As JavaScript writes it: 12, not 12.0. */
function textOf(type: DuckDBType, x: string): string {
  const text = `CAST(${x} AS VARCHAR)`
  const fractional = type.typeId === Id.DOUBLE || type.typeId === Id.FLOAT
  return fractional ? `regexp_replace(${text}, '\\.0$', '')` : text
}
