import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Column, type Table, writeJsonParquet } from '../data/index.ts'
import { FdsError } from '../errors.ts'
import {
  type DayRow,
  deleteDay,
  listDays,
  noteExport,
  readDay,
  type ServingDatabase,
} from '../serving/index.ts'

export interface ExportDecisionsInput {
  readonly database: ServingDatabase
  /** Folder of the files, made if absent. */
  readonly out: string
  /** First and last day, YYYY-MM-DD in UTC; every day that has ended by default. */
  readonly from?: string | undefined
  readonly to?: string | undefined
  /** Milliseconds since 1970. */
  readonly now: number
  readonly onProgress?: (decisions: number) => void
}

export interface ExportedDay {
  readonly day: string
  readonly file: string
  readonly decisions: number
}

/**
 * Writes each day's decisions (by the time of the decision) to `decisions_YYYY-MM-DD.parquet`: the transactions' own
 * columns, so that drift and training read the file like any other, beside columns that begin with `fds_`: what was
 * decided, by which model, the shadow's score, and the label that counts now. A day that is exported again is written
 * anew. Errors as `writeJsonParquet`, STORAGE_FAILED.
 */
export async function exportDecisions(input: ExportDecisionsInput): Promise<readonly ExportedDay[]> {
  const { database, out, from, to, now, onProgress } = input
  const before = to === undefined ? startOfDay(now / 1000) : secondsOf(to) + DAY
  await mkdir(out, { recursive: true }).catch((cause: Error) => {
    throw new FdsError('STORAGE_FAILED', { what: out, reason: cause.message }, { cause })
  })
  const days: ExportedDay[] = []
  let done = 0
  for (const { day } of await listDays(database.db, {
    ...(from !== undefined && { from: secondsOf(from) }),
    before,
  })) {
    const file = join(out, `decisions_${day}.parquet`)
    const tables = tablesOf(readDay(database.db, day), (rows) => {
      done += rows
      onProgress?.(done)
    })
    const decisions = await writeJsonParquet(file, { tables, json: TRANSACTION })
    await noteExport(database.db, { day, file, decisions, now })
    days.push({ day, file, decisions })
  }
  return days
}

export interface PruneDecisionsInput {
  readonly database: ServingDatabase
  /** Days that ended so many days ago, or longer, are deleted. */
  readonly olderThanDays: number
  /** Also days that are not exported; DAY_NOT_EXPORTED otherwise, before anything is deleted. */
  readonly unexported: boolean
  /** Only says what would be deleted. */
  readonly dryRun: boolean
  /** Milliseconds since 1970. */
  readonly now: number
}

/**
 * Deletes old decisions with their shadow scores and labels, whole days at a time, and gives the days. Other
 * processes may write meanwhile. STORAGE_FAILED.
 */
export async function pruneDecisions(
  input: PruneDecisionsInput,
): Promise<readonly { day: string; decisions: number }[]> {
  const { database, olderThanDays, unexported, dryRun, now } = input
  const days = await listDays(database.db, { before: startOfDay(now / 1000) - olderThanDays * DAY })
  const refused = days.find((day) => day.exported < day.decisions)
  if (refused && !unexported) throw new FdsError('DAY_NOT_EXPORTED', { ...refused })
  if (!dryRun) for (const day of days) await deleteDay(database.db, day, unexported)
  return days.map(({ day, decisions }) => ({ day, decisions }))
}

const DAY = 86_400
const TRANSACTION = 'transaction_json'

function startOfDay(seconds: number): number {
  return Math.floor(seconds / DAY) * DAY
}

function secondsOf(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) / 1000
}

async function* tablesOf(
  pages: AsyncIterable<readonly DayRow[]>,
  onRows: (rows: number) => void,
): AsyncGenerator<Table> {
  for await (const rows of pages) {
    yield { rowCount: rows.length, columns: COLUMNS.map((column) => column(rows)) }
    onRows(rows.length)
  }
}

type ToColumn = (rows: readonly DayRow[]) => Column

const text =
  (name: string, field: keyof DayRow): ToColumn =>
  (rows) => {
    const known = new Map<string, number>()
    const codes = Int32Array.from(rows, (row) => {
      const value = row[field]
      if (value === null) return -1
      const code = known.get(String(value)) ?? known.size
      known.set(String(value), code)
      return code
    })
    return { name, kind: 'text', codes, categories: [...known.keys()] }
  }

const number =
  (name: string, field: keyof DayRow, kind: 'number' | 'timestamp' | 'boolean' = 'number'): ToColumn =>
  (rows) => ({
    name,
    kind,
    values: Float64Array.from(rows, (row) => (row[field] as number | null) ?? Number.NaN),
  })

const COLUMNS: readonly ToColumn[] = [
  text(TRANSACTION, 'transaction_json'),
  text('fds_transaction_id', 'transaction_id'),
  text('fds_entity', 'entity'),
  number('fds_event_time', 'event_time', 'timestamp'),
  number('fds_decided_at', 'created_at', 'timestamp'),
  text('fds_experiment', 'experiment'),
  text('fds_arm', 'arm'),
  text('fds_failed_arm', 'failed_arm'),
  text('fds_model_name', 'model_name'),
  text('fds_model_version', 'model_version'),
  text('fds_policy_version', 'policy_version'),
  number('fds_probability', 'probability'),
  text('fds_risk_level', 'risk_level'),
  number('fds_latency_ms', 'latency_ms'),
  text('fds_shadow_arm', 'shadow_arm'),
  text('fds_shadow_version', 'shadow_version'),
  number('fds_shadow_probability', 'shadow_probability'),
  text('fds_shadow_risk_level', 'shadow_risk_level'),
  number('fds_is_fraud', 'is_fraud', 'number'),
  number('fds_label_time', 'label_time', 'timestamp'),
  text('fds_label_source', 'label_source'),
]
