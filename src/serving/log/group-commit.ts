import type { DatabaseSync } from 'node:sqlite'
import { FdsError } from '../../errors.ts'

/**
 * Makes many writers share one disk sync. Whatever asks to be written while the event loop handles its
 * current events goes into one transaction, and no promise resolves before that transaction is on disk.
 */
export interface GroupCommit {
  /** Runs `work` in the next transaction and gives its result once that is synced; STORAGE_FAILED otherwise. */
  run<T>(work: () => T): Promise<T>
  /** Commits what waits, then refuses everything that comes later. */
  close(): void
}

interface Waiter {
  readonly work: () => unknown
  readonly resolve: (result: never) => void
  readonly reject: (error: unknown) => void
}

/**
 * @param what how a message calls this store
 */
export function createGroupCommit(database: DatabaseSync, what: string): GroupCommit {
  let waiters: Waiter[] = []
  let closed = false

  const flush = (): void => {
    const group = waiters
    waiters = []
    if (group.length > 0) commit(database, group, what)
  }
  return {
    run: (work) =>
      new Promise((resolve, reject) => {
        if (closed) return reject(new FdsError('STORAGE_FAILED', { what, reason: 'it is closed' }))
        if (waiters.push({ work, resolve, reject }) === 1) setImmediate(flush)
      }),
    close: () => {
      closed = true
      flush()
    },
  }
}

/** The STORAGE_FAILED of an error of SQLite; any other error is a fault of ours and stays as it is. */
export function storageError(what: string, error: unknown): unknown {
  if (!(error instanceof Error) || !('errcode' in error)) return error
  return new FdsError('STORAGE_FAILED', { what, reason: error.message }, { cause: error })
}

function commit(database: DatabaseSync, group: readonly Waiter[], what: string): void {
  const results: unknown[] = []
  try {
    database.exec('BEGIN IMMEDIATE')
    for (const { work } of group) results.push(work())
    database.exec('COMMIT')
  } catch (error) {
    rollBack(database)
    const failure = storageError(what, error)
    for (const { reject } of group) reject(failure)
    return
  }
  for (let i = 0; i < group.length; i++) group[i]!.resolve(results[i] as never)
}

/** A full disk ends the transaction by itself; a failure to roll back leaves it to the next BEGIN to report. */
function rollBack(database: DatabaseSync): void {
  try {
    if (database.isTransaction) database.exec('ROLLBACK')
  } catch {}
}
