import type { DatabaseSync } from 'node:sqlite'
import type { PoolClient } from 'pg'
import { inPostgres, inSqlite, type Migration } from './migrations.ts'

/**
 * Brings a SQLite database to the newest layout. One process does it, the others wait: the version is read and the
 * missing steps run in one transaction that holds the write lock. `user_version` counts the steps done; one that
 * counts more than there are is left as it is.
 *
 * @returns how many steps the database had before
 */
export function migrateSqlite(database: DatabaseSync, steps: readonly Migration[]): number {
  database.exec('begin immediate')
  try {
    const { user_version: done } = database.prepare('pragma user_version').get() as { user_version: number }
    for (const step of steps.slice(done)) database.exec(inSqlite(step))
    database.exec(`pragma user_version = ${Math.max(done, steps.length)}`)
    database.exec('commit')
    return done
  } catch (error) {
    // a full disk has ended the transaction already
    if (database.isTransaction) database.exec('rollback')
    throw error
  }
}

/**
 * The same for a schema of a PostgreSQL database, made if absent, inside the transaction that `client` is in. Of
 * several servers that start at once one does it and the others wait.
 *
 * @param lock a number that nobody else locks by
 * @returns how many steps the schema had before
 */
export async function migratePostgres(
  client: PoolClient,
  { schema, lock, steps }: { schema: string; lock: number; steps: readonly Migration[] },
): Promise<number> {
  await client.query('select pg_advisory_xact_lock($1)', [lock])
  await client.query(`create schema if not exists ${schema}`)
  await client.query('create table if not exists migrations (step integer primary key)')
  const { rowCount } = await client.query('select step from migrations')
  const done = rowCount ?? 0
  for (let step = done; step < steps.length; step++) {
    await client.query(inPostgres(steps[step]!))
    await client.query('insert into migrations values ($1)', [step])
  }
  return done
}
