import { DatabaseSync } from 'node:sqlite'
import { FdsError } from '../../errors.ts'
import { prepareFile } from './serving-database.ts'

/** How long a commit waits for another program that holds the file; the event loop waits with it. */
const BUSY_TIMEOUT_MS = 1000

/**
 * Opens the file, making it and its tables if there is none. Write-ahead log, one sync a commit
 * (`synchronous = FULL`): a committed transaction outlives a power cut. STORAGE_FAILED.
 */
export function openDecisionStore(file: string): DatabaseSync {
  prepareFile(file)
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS })
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
    return database
  } catch (cause) {
    database?.close()
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new FdsError('STORAGE_FAILED', { what: `the decision log ${file}`, reason }, { cause })
  }
}
