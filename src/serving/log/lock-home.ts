import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { FdsError } from '../../errors.ts'

const SQLITE_BUSY = 5

/**
 * Holds `home`, made if absent, for this process until the returned function is called or the process ends,
 * however it ends: the lock is SQLite's own on `server.lock`, which the operating system lets go with the
 * process, so that a `kill -9` leaves nothing to clean. Keep the function: without it the lock is collected as garbage. HOME_IN_USE when another holds it; STORAGE_FAILED
 * when the folder cannot be written.
 */
export function lockHome(home: string): () => void {
  let database: DatabaseSync | undefined
  try {
    mkdirSync(home, { recursive: true })
    database = new DatabaseSync(join(home, 'server.lock'), { timeout: 0 })
    database.exec('BEGIN EXCLUSIVE')
  } catch (cause) {
    database?.close()
    throw lockError(home, cause)
  }
  const held = database
  return () => {
    if (held.isOpen) held.close()
  }
}

function lockError(home: string, cause: unknown): FdsError {
  const error = cause as Error & { errcode?: number }
  if (error.errcode === SQLITE_BUSY) return new FdsError('HOME_IN_USE', { home }, { cause })
  return new FdsError('STORAGE_FAILED', { what: `the home ${home}`, reason: error.message }, { cause })
}
