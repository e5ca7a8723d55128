import { setTimeout } from 'node:timers/promises'
import { Kysely, PostgresDialect, type Transaction } from 'kysely'
import type { Pool } from 'pg'
import { FdsError } from '../../errors.ts'
import type { Logger } from '../../log.ts'
import { migratePostgres } from './migrate.ts'
import { MIGRATIONS } from './migrations.ts'
import { createPool, kyselyPool } from './postgres-pool.ts'
import { createSqlStore } from './sql-store.ts'
import { postgresStateOf } from './storage-trouble.ts'
import type { StoreContext } from './store-context.ts'
import type { Tables } from './tables.ts'
import type { TrackingStore } from './tracking-store.ts'

/**
 * The tracking store in a PostgreSQL database, in a schema of its own, so that it lies beside whatever else the
 * database holds. Any number of servers may share it. STORAGE_FAILED if the database cannot be reached or prepared;
 * the address, which may hold a password, is never repeated.
 *
 * @param databaseUrl `postgres://user@host/database`, with the driver's options, such as `sslmode`, in its query
 */
export async function openPostgresStore(
  input: { databaseUrl: string; logger: Logger } & Pick<
    StoreContext,
    'now' | 'createId' | 'createName' | 'locations'
  >,
): Promise<TrackingStore> {
  const pool = createPool({ ...input, schema: SCHEMA })
  try {
    await prepare(pool, input)
  } catch (cause) {
    await pool.end()
    const reason = (cause as Error).message || String((cause as { code?: string }).code)
    throw new FdsError('STORAGE_FAILED', { what: 'the PostgreSQL database', reason }, { cause })
  }
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: kyselyPool(pool) }) })
  const store = createSqlStore({ ...input, db, write: (work) => writeAgain(db, work) })
  return { ...store, close: () => db.destroy() }
}

/**
 * Runs `work` in a transaction. Two that wanted the same row at once are told apart here: the one that lost begins
 * anew and sees what the other wrote. Where order matters, `work` locks a row first, so this is rare.
 */
async function writeAgain<T>(db: Kysely<Tables>, work: (trx: Transaction<Tables>) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await db.transaction().execute(work)
    } catch (error) {
      if (attempt === MOST_ATTEMPTS || !LOST.has(postgresStateOf(error) ?? '')) throw error
    }
    await setTimeout(attempt * 5)
  }
}

/** The schema that holds the tables, so that they lie beside whatever else the database holds. */
const SCHEMA = 'fds_tracking'
const MOST_ATTEMPTS = 10
/** Unique violation, serialization failure, deadlock. */
const LOST = new Set(['23505', '40001', '40P01'])
/** Any number that nobody else locks by: "fds tracking" as digits. */
const MIGRATION_LOCK = 33_787_225

/** Makes or updates the tables; of several servers that start at once one does it and the others wait. */
async function prepare(
  pool: Pool,
  { locations, now }: Pick<StoreContext, 'locations' | 'now'>,
): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('begin')
    await migratePostgres(client, { schema: SCHEMA, lock: MIGRATION_LOCK, steps: MIGRATIONS })
    // MLflow's first experiment has id 0
    const first = `insert into experiments values (0, 'Default', $1, 'active', $2, $3) on conflict do nothing`
    await client.query(first, [locations.ofExperiment(0), now(), now()])
    await client.query('commit')
  } finally {
    // ends what has failed in the middle, too
    client.release(true)
  }
}
