import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { FdsError } from '../../errors.ts'

/**
 * Tables of the decision log. Times are seconds since 1970 UTC, as everywhere in the data room.
 * `labels` is a ledger: rows are added, never changed; a label may come before its decision or without one.
 */
const SCHEMA = `
  CREATE TABLE decisions (
    seq INTEGER PRIMARY KEY,
    transaction_id TEXT NOT NULL UNIQUE,
    transaction_json TEXT NOT NULL,
    entity TEXT,
    event_time REAL,
    experiment TEXT,
    arm TEXT NOT NULL,
    model_name TEXT NOT NULL,
    model_version TEXT NOT NULL,
    policy_version TEXT NOT NULL,
    probability REAL NOT NULL,
    risk_level TEXT NOT NULL,
    latency_ms REAL NOT NULL,
    created_at REAL NOT NULL
  ) STRICT;
  CREATE TABLE shadow_scores (
    transaction_id TEXT PRIMARY KEY,
    arm TEXT NOT NULL,
    model_version TEXT NOT NULL,
    policy_version TEXT NOT NULL,
    probability REAL NOT NULL,
    risk_level TEXT NOT NULL,
    created_at REAL NOT NULL
  ) STRICT;
  CREATE TABLE labels (
    seq INTEGER PRIMARY KEY,
    transaction_id TEXT NOT NULL,
    is_fraud INTEGER NOT NULL CHECK (is_fraud IN (0, 1)),
    label_time REAL NOT NULL,
    source TEXT NOT NULL,
    received_at REAL NOT NULL,
    UNIQUE (transaction_id, source, label_time, is_fraud)
  ) STRICT;
  CREATE TABLE probe (id INTEGER PRIMARY KEY CHECK (id = 1), checked_at REAL NOT NULL) STRICT;
  PRAGMA user_version = 1;
`
const SCHEMA_VERSION = 1
/** How long a commit waits for another program that holds the file; the event loop waits with it. */
const BUSY_TIMEOUT_MS = 1000

/**
 * Opens the file, making it and its tables if there is none. Write-ahead log, one sync a commit
 * (`synchronous = FULL`): a committed transaction outlives a power cut. STORAGE_FAILED.
 */
export function openDecisionStore(file: string): DatabaseSync {
  let database: DatabaseSync | undefined
  try {
    mkdirSync(dirname(file), { recursive: true })
    database = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS })
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
    createTables(database)
    return database
  } catch (cause) {
    database?.close()
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new FdsError('STORAGE_FAILED', { what: `the decision log ${file}`, reason }, { cause })
  }
}

function createTables(database: DatabaseSync): void {
  const version = Number(database.prepare('PRAGMA user_version').get()!['user_version'])
  if (version === SCHEMA_VERSION) return
  if (version !== 0) throw new Error(`its layout ${version} is newer than this program's ${SCHEMA_VERSION}`)
  database.exec(`BEGIN IMMEDIATE; ${SCHEMA} COMMIT`)
}
