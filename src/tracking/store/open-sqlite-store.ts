import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Kysely } from 'kysely'
import { FdsError } from '../../errors.ts'
import { createGroupWrite } from './group-write.ts'
import { migrateSqlite } from './migrate.ts'
import { MIGRATIONS } from './migrations.ts'
import { createSqlStore } from './sql-store.ts'
import { createSqliteDialect, openSqlite } from './sqlite-dialect.ts'
import type { StoreContext } from './store-context.ts'
import type { Tables } from './tables.ts'
import type { TrackingStore } from './tracking-store.ts'

/**
 * The tracking store in `<home>/tracking.db`. Two connections: one reads, one writes, so that reading never waits
 * for a transaction. STORAGE_FAILED if the file cannot be opened or is no such database.
 */
export function openSqliteStore(
  input: { home: string } & Pick<StoreContext, 'now' | 'createId' | 'createName' | 'locations'>,
): TrackingStore {
  const file = join(input.home, 'tracking.db')
  prepare(input, file)
  const options = { file, busyTimeoutMs: BUSY_TIMEOUT_MS, writeTimeoutMs: WRITE_TIMEOUT_MS }
  const db = new Kysely<Tables>({ dialect: createSqliteDialect(options) })
  const writer = new Kysely<Tables>({ dialect: createSqliteDialect({ ...options, busyTimeoutMs: 0 }) })
  const store = createSqlStore({ ...input, db, write: createGroupWrite(writer) })
  return {
    ...store,
    close: async () => {
      await db.destroy()
      await writer.destroy()
    },
  }
}

/** Blocking waits are for the rare moments when another process recovers or closes the log. */
const BUSY_TIMEOUT_MS = 5000
const WRITE_TIMEOUT_MS = 20_000

function prepare(
  { home, locations, now }: { home: string } & Pick<StoreContext, 'locations' | 'now'>,
  file: string,
): void {
  try {
    mkdirSync(home, { recursive: true })
    const database = openSqlite(file, WRITE_TIMEOUT_MS)
    try {
      migrateSqlite(database, MIGRATIONS)
      // MLflow's first experiment has id 0
      database
        .prepare(`insert into experiments values (0, 'Default', ?, 'active', ?, ?) on conflict do nothing`)
        .run(locations.ofExperiment(0), now(), now())
    } finally {
      database.close()
    }
  } catch (cause) {
    throw new FdsError('STORAGE_FAILED', { what: file, reason: (cause as Error).message }, { cause })
  }
}
