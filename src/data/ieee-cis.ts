import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { FdsError } from '../errors.ts'
import { reasonOf } from './data-file.ts'
import { openDatabase, sqlName, sqlText } from './duckdb.ts'
import { dashed, IDENTITY_COLUMNS, IEEE_CIS_KINDS, TRANSACTION_COLUMNS } from './ieee-cis-columns.ts'
import { ENGINEERED_FEATURES, PAST_SQL } from './ieee-cis-features.ts'
import { openSource } from './open-source.ts'
import type { Source, SourceColumn } from './source.ts'
import { replaceFile } from './write-table.ts'

/**
 * Joins Kaggle's IEEE-CIS files (train_transaction, train_identity; CSV or Parquet) into
 * `<out>/ieee-cis.parquet`: 447 features (392 + 40 raw columns and 15 engineered ones, docs/ieee-cis.md) and
 * `isFraud` last, in the order of TransactionDT, ties by TransactionID. The folder is made if need be.
 *
 * Without identity, or for a transaction that has none, its columns are missing but present. The test files
 * are taken too: `id-01` counts as `id_01`, and an absent `isFraud` is missing in every row. Other columns
 * are left out.
 *
 * Errors: COLUMN_MISSING; COLUMN_TYPE_INVALID; CELL_INVALID for a missing TransactionID, TransactionDT or
 * TransactionAmt; ROW_INVALID for a TransactionID that comes twice; STORAGE_FAILED; those of `readTable`.
 * Cost: the full data (590,540 rows) in about a minute on two cores and 5 GB of memory; with less memory it
 * spills to disk and takes longer.
 */
export async function prepareIeeeCis(input: {
  readonly transactions: string
  readonly identity?: string
  readonly out: string
}): Promise<{ file: string; rows: number; features: number }> {
  const { transactions, identity, out } = input
  await using database = await openDatabase()
  const { connection } = database
  await stageTransactions(connection, transactions)
  await stageIdentity(connection, identity)
  const file = join(out, 'ieee-cis.parquet')
  await makeFolder(out)
  await replaceFile(file, async (path) => {
    await connection.run(`CREATE TEMP TABLE past AS ${PAST_SQL}`)
    await connection.run(`COPY (${JOINED_SQL}) TO ${sqlText(path)} (FORMAT parquet, COMPRESSION zstd)`)
  })
  const counted = await connection.runAndReadAll('SELECT count(*) FROM transactions')
  return { file, rows: Number(counted.getRows()[0]![0]), features: FEATURES.length }
}

const FEATURES: readonly (readonly [name: string, sql: string])[] = [
  ...[...TRANSACTION_COLUMNS, ...IDENTITY_COLUMNS].map((name) => [name, sqlName(name)] as const),
  ...ENGINEERED_FEATURES,
]

const JOINED_SQL = `
  SELECT ${FEATURES.map(([name, sql]) => `${sql} AS ${sqlName(name)}`).join(', ')}, isFraud
  FROM transactions JOIN past USING (TransactionID) LEFT JOIN identity USING (TransactionID)
  ORDER BY TransactionDT, TransactionID`

const REQUIRED = ['TransactionID', 'TransactionDT', 'TransactionAmt']

async function stageTransactions(connection: DuckDBConnection, file: string): Promise<void> {
  const source = await openSource({ connection, file, kinds: IEEE_CIS_KINDS })
  const columns = namedColumns(source)
  const wanted = ['TransactionID', ...TRANSACTION_COLUMNS].map((name) => requireColumn(columns, name))
  const label = columns.get('isFraud') ?? { name: 'isFraud', kind: 'number', value: 'NULL::DOUBLE' }
  await stage(connection, { name: 'transactions', source, columns: [...wanted, label] })
  for (const column of REQUIRED) await requireValues(connection, { file, table: 'transactions', column })
  await requireDifferentIds(connection, { file, table: 'transactions' })
}

async function stageIdentity(connection: DuckDBConnection, file: string | undefined): Promise<void> {
  if (file === undefined) {
    const columns = ['TransactionID', ...IDENTITY_COLUMNS].map(
      (name) => `${name} ${SQL_TYPES[IEEE_CIS_KINDS.get(name)!]}`,
    )
    await connection.run(`CREATE TEMP TABLE identity (${columns.join(', ')})`)
    return
  }
  const source = await openSource({ connection, file, kinds: IEEE_CIS_KINDS })
  const columns = namedColumns(source)
  const wanted = ['TransactionID', ...IDENTITY_COLUMNS].map((name) => requireColumn(columns, name))
  await stage(connection, { name: 'identity', source, columns: wanted })
  await requireValues(connection, { file, table: 'identity', column: 'TransactionID' })
  await requireDifferentIds(connection, { file, table: 'identity' })
}

function namedColumns(source: Source): ReadonlyMap<string, SourceColumn> {
  return new Map(source.columns.map((column) => [column.name, column]))
}

/** The column by its name or as test_identity.csv spells it, under its own name. */
function requireColumn(columns: ReadonlyMap<string, SourceColumn>, name: string): SourceColumn {
  const column = columns.get(name) ?? columns.get(dashed(name))
  if (!column) throw new FdsError('COLUMN_MISSING', { column: name, known: [...columns.keys()] })
  const kind = IEEE_CIS_KINDS.get(name)!
  if (column.kind === kind) return { ...column, name }
  throw new FdsError('COLUMN_TYPE_INVALID', { column: name, expected: `a ${kind} column`, got: column.kind })
}

const SQL_TYPES: Readonly<Record<string, string>> = { number: 'DOUBLE', text: 'VARCHAR' }

/** Copies the columns into a DuckDB table in the file's order, missing values as NULL. */
async function stage(
  connection: DuckDBConnection,
  { name, source, columns }: { name: string; source: Source; columns: readonly SourceColumn[] },
): Promise<void> {
  const values = columns.map(({ name, kind, value }) => {
    return `${kind === 'text' ? value : `nullif(${value}, 'nan'::DOUBLE)`} AS ${sqlName(name)}`
  })
  const sql = `CREATE TEMP TABLE ${name} AS SELECT ${values.join(', ')} FROM ${source.from}`
  await connection.run(sql).catch(source.explain)
}

async function requireValues(
  connection: DuckDBConnection,
  { file, table, column }: { file: string; table: string; column: string },
): Promise<void> {
  const sql = `SELECT rowid::INTEGER FROM ${table} WHERE ${column} IS NULL ORDER BY rowid LIMIT 1`
  const [found] = (await connection.runAndReadAll(sql)).getRows()
  if (!found) return
  const row = (found[0] as number) + 1
  throw new FdsError('CELL_INVALID', { file, row, column, expected: 'a number', got: 'a missing value' })
}

async function requireDifferentIds(
  connection: DuckDBConnection,
  { file, table }: { file: string; table: string },
): Promise<void> {
  const [found] = (
    await connection.runAndReadAll(`
      SELECT second::INTEGER, TransactionID FROM (
        SELECT TransactionID, list_sort(list(rowid))[2] AS second FROM ${table} GROUP BY TransactionID HAVING count(*) > 1
      ) ORDER BY second LIMIT 1`)
  ).getRows()
  if (!found) return
  const reason = `TransactionID ${found[1]} must not come twice`
  throw new FdsError('ROW_INVALID', { file, row: (found[0] as number) + 1, reason })
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
  } catch (cause) {
    throw new FdsError('STORAGE_FAILED', { what: folder, reason: reasonOf(cause) }, { cause })
  }
}
