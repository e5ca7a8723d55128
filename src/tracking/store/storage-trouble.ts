/** The number SQLite gives for an error, without its details; `undefined` for other errors. */
export function sqliteErrorOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number')
    return undefined
  return error.errcode & 0xff
}

export const SQLITE_BUSY = 5

/** The five characters that PostgreSQL gives for an error; `undefined` for other errors. */
export function postgresStateOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('severity' in error) || !('code' in error)) return undefined
  return String(error.code)
}

/** Whether the database cannot be used now, through no fault of the request: the same call may go through later. */
export function isStorageTrouble(error: unknown): boolean {
  const sqlite = sqliteErrorOf(error)
  if (sqlite !== undefined) return SQLITE_TROUBLE.has(sqlite)
  const state = postgresStateOf(error)
  if (state !== undefined) return POSTGRES_TROUBLE.test(state)
  return (
    error instanceof Error && LOST_CONNECTION.test(`${'code' in error ? error.code : ''} ${error.message}`)
  )
}

/** Busy, locked, out of memory, read-only, input or output error, full, cannot open. */
const SQLITE_TROUBLE = new Set([5, 6, 7, 8, 10, 13, 14])
/** Connection, read-only, authorization, lost to others, resources, operator, system. */
const POSTGRES_TROUBLE = /^(08|25006|28|40|53|55|57|58)/
const LOST_CONNECTION =
  /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EHOSTUNREACH)|[Cc]onnection (terminated|ended)|timeout exceeded when trying to connect|client has encountered a connection error|Query read timeout/
