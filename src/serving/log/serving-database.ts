import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { Kysely, PostgresDialect } from 'kysely'
import { FdsError } from '../../errors.ts'
import type { Logger } from '../../log.ts'
import { migratePostgres, migrateSqlite } from '../../tracking/store/migrate.ts'
import { createPool, kyselyPool } from '../../tracking/store/postgres-pool.ts'
import { createSqliteDialect, openSqlite } from '../../tracking/store/sqlite-dialect.ts'
import { MIGRATIONS } from './migrations.ts'
import { SERVING_SCHEMA } from './serving-schema.ts'
import type { ServingTables } from './tables.ts'
import type { WriterTarget } from './writer-messages.ts'

export interface ServingDatabaseOptions {
  /** Folder that holds `decisions.db`, made if absent. */
  readonly home: string
  /** A PostgreSQL database, shared by replicas, in place of the file. */
  readonly databaseUrl?: string | undefined
  readonly logger: Logger
}

/** Decisions, labels and experiments, in one database. */
export interface ServingDatabase {
  readonly db: Kysely<ServingTables>
  /** For transactions: waits for its turn to write without holding up the event loop. */
  readonly writer: Kysely<ServingTables>
  readonly kind: 'sqlite' | 'postgres'
  /** What another thread opens to get to the same tables. */
  readonly target: WriterTarget
  close(): Promise<void>
}

/** Path of the SQLite database in a home. */
export function servingFile(home: string): string {
  return join(home, 'decisions.db')
}

/**
 * Opens the serving database and brings its tables to the newest layout, without loss; any number of processes may
 * do so at once. STORAGE_FAILED if it cannot be opened or was made by a newer program; the address of a database,
 * which may hold a password, is never repeated.
 */
export async function openServingDatabase(options: ServingDatabaseOptions): Promise<ServingDatabase> {
  const { home, databaseUrl, logger } = options
  return databaseUrl === undefined ? openServingFile(home) : openPostgres(databaseUrl, logger)
}

/** Blocking waits are for the rare moments when another process recovers or closes the log. */
const BUSY_TIMEOUT_MS = 1000
const WRITE_TIMEOUT_MS = 5000
const OPEN_TIMEOUT_MS = 20_000
/** Any number that nobody else locks by: "fds serving" as digits. */
const MIGRATION_LOCK = 33_787_226

/** `openServingDatabase` for the file in `home`, at once. */
export function openServingFile(home: string): ServingDatabase {
  const file = servingFile(home)
  prepareFile(file)
  const options = { busyTimeoutMs: BUSY_TIMEOUT_MS, writeTimeoutMs: WRITE_TIMEOUT_MS, checkpointPages: 0 }
  const db = new Kysely<ServingTables>({ dialect: createSqliteDialect({ file, ...options }) })
  const writer = new Kysely<ServingTables>({
    dialect: createSqliteDialect({ file, ...options, busyTimeoutMs: 0 }),
  })
  const close = async () => {
    await db.destroy()
    await writer.destroy()
  }
  return { db, writer, kind: 'sqlite', target: { file }, close }
}

/** Makes the file, its folder and its tables, or brings them to the newest layout. */
function prepareFile(file: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true })
    const database = openSqlite(file, OPEN_TIMEOUT_MS)
    try {
      countUncounted(database)
      refuseNewer(migrateSqlite(database, MIGRATIONS))
    } finally {
      database.close()
    }
  } catch (cause) {
    throw storageFailed(`the decision log ${file}`, cause)
  }
}

async function openPostgres(databaseUrl: string, logger: Logger): Promise<ServingDatabase> {
  const pool = createPool({ databaseUrl, schema: SERVING_SCHEMA, logger })
  try {
    const client = await pool.connect()
    try {
      await client.query('begin')
      refuseNewer(
        await migratePostgres(client, { schema: SERVING_SCHEMA, lock: MIGRATION_LOCK, steps: MIGRATIONS }),
      )
      await client.query('commit')
    } finally {
      // ends what has failed in the middle, too
      client.release(true)
    }
  } catch (cause) {
    await pool.end()
    throw storageFailed('the PostgreSQL database', cause)
  }
  const db = new Kysely<ServingTables>({ dialect: new PostgresDialect({ pool: kyselyPool(pool) }) })
  return { db, writer: db, kind: 'postgres', target: { databaseUrl }, close: () => db.destroy() }
}

/** For a while a second layout was made under the first one's number. */
function countUncounted(database: DatabaseSync): void {
  const { n } = database
    .prepare(`select count(*) as n from pragma_table_info('decisions') where name = 'experiment'`)
    .get() as { n: number }
  const { user_version } = database.prepare('pragma user_version').get() as { user_version: number }
  if (n === 1 && user_version === 1) database.exec('pragma user_version = 2')
}

function refuseNewer(done: number): void {
  if (done > MIGRATIONS.length)
    throw new Error(`its layout ${done} is newer than this program's ${MIGRATIONS.length}`)
}

function storageFailed(what: string, cause: unknown): FdsError {
  const reason = (cause as Error).message || String((cause as { code?: string }).code)
  return new FdsError('STORAGE_FAILED', { what, reason }, { cause })
}
