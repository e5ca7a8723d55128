import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { type DuckDBConnection, type DuckDBDataChunk, DuckDBInstance } from '@duckdb/node-api'
import { FdsError } from '../errors.ts'
import { reasonOf } from './data-file.ts'

/** An open DuckDB in memory; disposing of it stops what still runs and removes its spill folder. */
export interface Database extends AsyncDisposable {
  readonly connection: DuckDBConnection
}

const MOST_MEMORY = 4 * 2 ** 30

/**
 * Opens a DuckDB for one job. It may use half of the machine's memory (of the container's, where there is a
 * limit), 4 GiB at most, and spills to a folder of its own under the system's temporary folder; it uses every
 * core, reads times in UTC, and never fetches an extension. One of several at work at once takes its `share` of memory
 * and cores. STORAGE_FAILED without a temporary folder.
 */
export async function openDatabase({ share = 1 }: { readonly share?: number } = {}): Promise<Database> {
  const spill = await makeSpillFolder()
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: `${Math.floor((share * Math.min(machineMemory() / 2, MOST_MEMORY)) / 2 ** 20)}MiB`,
    threads: String(Math.max(1, Math.floor(share * availableParallelism()))),
    temp_directory: spill,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  })
  const connection = await instance.connect()
  await connection.run("SET TimeZone = 'UTC'")
  return {
    connection,
    async [Symbol.asyncDispose]() {
      connection.interrupt()
      connection.closeSync()
      instance.closeSync()
      await rm(spill, { recursive: true, force: true })
    },
  }
}

async function makeSpillFolder(): Promise<string> {
  try {
    return await mkdtemp(join(tmpdir(), 'fds-duckdb-'))
  } catch (cause) {
    throw new FdsError('STORAGE_FAILED', { what: tmpdir(), reason: reasonOf(cause) }, { cause })
  }
}

/** Bytes of memory that this process may use. */
export function machineMemory(): number {
  return Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY)
}

/** Rows 0 to `rowCount` of a chunk; a row beyond them is not data. */
export interface Rows {
  readonly chunk: DuckDBDataChunk
  readonly rowCount: number
}

/**
 * The rows of `SELECT values FROM from` in order, about 2,000 at a time, while DuckDB works ahead.
 *
 * A streamed result that fails half way ends without a word (node-api 1.5.5 exposes no error of a fetch), so
 * a last row marks the true end; where it is missing, the query runs once more for its error alone.
 */
export async function* queryRows(
  connection: DuckDBConnection,
  { values, from }: { values: readonly string[]; from: string },
): AsyncGenerator<Rows> {
  const row = [...values, 'false'].join(', ')
  const lastRow = [...values.map(() => 'NULL'), 'true'].join(', ')
  const result = await connection.stream(`(SELECT ${row} FROM ${from}) UNION ALL (SELECT ${lastRow})`)
  let fetching = result.fetchChunk()
  try {
    for (;;) {
      const chunk = await fetching
      if (chunk === null || chunk.rowCount === 0) break
      // the next chunk is made while this one is used
      fetching = result.fetchChunk()
      const atEnd = chunk.getColumnVector(values.length).getItem(chunk.rowCount - 1) === true
      const rowCount = atEnd ? chunk.rowCount - 1 : chunk.rowCount
      if (rowCount > 0) yield { chunk, rowCount }
      if (atEnd) return
    }
  } finally {
    await fetching
  }
  await connection.run(`SELECT bit_xor(hash(${row})) FROM (SELECT * FROM ${from})`)
  throw new Error('the data cannot be read to their end')
}

/** A text as SQL writes it. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** A path as SQL writes it, for functions that take patterns: `*`, `?` and `[` stand for themselves. */
export function sqlPath(path: string): string {
  return sqlText(path.replace(/[[*?]/g, '[$&]'))
}

/** A name as SQL writes it. */
export function sqlName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
