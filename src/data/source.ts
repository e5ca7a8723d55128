import type { DuckDBConnection } from '@duckdb/node-api'
import type { DataFile } from './data-file.ts'
import type { Column } from './table.ts'

export type Kind = Column['kind']

/** A column that a file offers, and how SQL gets its values. */
export interface SourceColumn {
  readonly name: string
  readonly kind: Kind
  /** Over the names of `from`: a DOUBLE that is NaN where missing, or a VARCHAR that is NULL where missing. */
  readonly value: string
}

/** A file as DuckDB reads it. */
export interface Source {
  /** In the file's order. */
  readonly columns: readonly SourceColumn[]
  /** What follows FROM: a table of columns c0, c1, … whatever the file calls them. */
  readonly from: string
  /** Rows, as the format says or as the first of them suggest. */
  readonly rows: number
  /** Rows that there are for certain; reading fewer is a failure. */
  readonly rowsSeen: number
  /** Throws the one clear line for a failure of a query. */
  explain(failure: unknown): Promise<never>
}

export interface SourceInput {
  readonly dataFile: DataFile
  readonly connection: DuckDBConnection
  /** These columns alone; all of them by default. */
  readonly columns?: readonly string[]
  /** Kinds that are not to be guessed; the file may lack such a column. */
  readonly kinds?: ReadonlyMap<string, Kind>
}

/** For `createTableBuilder`: the rows of the whole table where they are certain. */
export function blockRowsOf({ rows, rowsSeen }: Source): number | undefined {
  return rows === rowsSeen ? rows : undefined
}
