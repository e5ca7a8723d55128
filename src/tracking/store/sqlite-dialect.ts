import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type SelectModifierNode,
  SqliteAdapter,
  type SqliteDatabase,
  SqliteDriver,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type SqliteStatement,
} from 'kysely'
import { SQLITE_BUSY, sqliteErrorOf } from './storage-trouble.ts'

export interface SqliteOptions {
  readonly file: string
  /** SQLite itself waits so long, blocking, for another connection's lock. */
  readonly busyTimeoutMs: number
  /** A transaction waits so long, not blocking, for its turn to write. */
  readonly writeTimeoutMs: number
  /** Pages in the log before a commit moves them into the file; 0 leaves that to somebody else. */
  readonly checkpointPages?: number
}

/**
 * Kysely over `node:sqlite`. Transactions begin IMMEDIATE: they take the write lock at once, so they never fail in
 * the middle for lack of it. Waiting for that lock polls with a timer instead of SQLite's own blocking wait, because
 * the holder may be another connection of this very thread, which a blocking wait would stop for good.
 */
export function createSqliteDialect(options: SqliteOptions): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new NodeSqliteDriver(options),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new OneWriterCompiler(),
  }
}

/**
 * Opens the file for many processes at once: a write-ahead log, so that readers and the one writer do not wait for
 * each other, synced at each commit (FULL), so that what was acknowledged survives a power cut too. LIKE tells
 * upper from lower case, as MLflow's does.
 */
export function openSqlite(file: string, busyTimeoutMs: number, checkpointPages = LOG_PAGES): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: OPEN_TIMEOUT_MS })
  database.exec('pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on')
  database.exec(`pragma case_sensitive_like = on; pragma busy_timeout = ${busyTimeoutMs}`)
  database.exec(
    `pragma cache_size = -${CACHE_KIB}; pragma wal_autocheckpoint = ${checkpointPages}; pragma temp_store = memory`,
  )
  return database
}

const CACHE_KIB = 8 * 1024
/** Pages in the log before they move into the file, four times SQLite's own: batches touch a thousand at once. */
const LOG_PAGES = 4000

/** While opening, another process may be recovering the log. */
const OPEN_TIMEOUT_MS = 20_000

/** Where PostgreSQL locks rows, SQLite's one writer has them all. */
class OneWriterCompiler extends SqliteQueryCompiler {
  protected override visitSelectModifier(node: SelectModifierNode): void {
    if (!node.modifier?.startsWith('For')) super.visitSelectModifier(node)
  }
}

class NodeSqliteDriver extends SqliteDriver {
  readonly #writeTimeoutMs: number

  constructor(options: SqliteOptions) {
    super({
      database: async () => adapt(openSqlite(options.file, options.busyTimeoutMs, options.checkpointPages)),
    })
    this.#writeTimeoutMs = options.writeTimeoutMs
  }

  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    let waited = 0
    for (let wait = 1; ; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
      try {
        await connection.executeQuery(BEGIN)
        return
      } catch (error) {
        if (sqliteErrorOf(error) !== SQLITE_BUSY || waited > this.#writeTimeoutMs) throw error
      }
      await new Promise((wake) => setTimeout(wake, wait))
      waited += wait
    }
  }
}

const BEGIN = CompiledQuery.raw('begin immediate')
const LONGEST_WAIT_MS = 16
const STATEMENTS_KEPT = 200
const LONGEST_KEPT = 4096

/** `node:sqlite` in the form that Kysely's driver takes, each statement prepared once. */
function adapt(database: DatabaseSync): SqliteDatabase {
  const prepared = new Map<string, SqliteStatement>()
  const prepare = (sql: string): SqliteStatement => {
    const known = prepared.get(sql)
    if (known) return known
    const made = adaptStatement(database.prepare(sql))
    // a list of ids is not asked for twice
    if (sql.length > LONGEST_KEPT) return made
    // the oldest goes first; statements of searches, which differ by filter, must not pile up
    if (prepared.size >= STATEMENTS_KEPT) prepared.delete(prepared.keys().next().value!)
    prepared.set(sql, made)
    return made
  }
  return { close: () => database.close(), prepare }
}

/** Rows come as arrays and become objects here, which costs half of what SQLite's own objects do. */
function adaptStatement(statement: StatementSync): SqliteStatement {
  const names = statement.columns().map(({ name }) => name)
  const values = (parameters: readonly unknown[]) => parameters as readonly SQLInputValue[]
  statement.setReturnArrays(true)
  return {
    reader: names.length > 0,
    all: (parameters) => {
      const rows = statement.all(...values(parameters)) as unknown as unknown[][]
      return rows.map((row) => rowOf(names, row))
    },
    run: (parameters) => statement.run(...values(parameters)),
    *iterate(parameters) {
      for (const row of statement.iterate(...values(parameters)) as Iterable<unknown>)
        yield rowOf(names, row as unknown[])
    },
  }
}

function rowOf(names: readonly string[], values: readonly unknown[]): Record<string, unknown> {
  const row: Record<string, unknown> = {}
  for (let index = 0; index < names.length; index++) row[names[index]!] = values[index]
  return row
}
