import { type SqlBool, sql } from 'kysely'
import type { CallRequest, CallResponse } from '../protocol/endpoints.ts'
import { checkMaxResults, LIMITS } from '../protocol/limits.ts'
import { refuse } from '../protocol/refusal.ts'
import { encodeToken, parseToken, refuseToken } from './page-token.ts'
import { metricMessage } from './run-messages.ts'
import { findRun } from './run-store.ts'
import type { Db, StoreContext } from './store-context.ts'
import type { TrackingStore } from './tracking-store.ts'

type HistoryCalls = Pick<
  TrackingStore,
  'getMetricHistory' | 'getMetricHistoryBulk' | 'getMetricHistoryBulkInterval'
>

/** Histories of metrics, read in pages or in samples: never more points at once than `LIMITS.historyPage`. */
export function createMetricHistoryStore({ db }: StoreContext): HistoryCalls {
  return {
    getMetricHistory: (request) => readPage(db, request),
    getMetricHistoryBulk: (request) => readSeveral(db, request),
    getMetricHistoryBulkInterval: (request) => readSamples(db, request),
  }
}

/** Pages by the last point read, so a page costs the same wherever it lies; it may be shorter than asked for. */
async function readPage(
  db: Db,
  { runId, metricKey, maxResults, pageToken }: CallRequest<'getMetricHistory'>,
): Promise<CallResponse<'getMetricHistory'>> {
  const size = sizeWithin(LIMITS.historyPage, maxResults)
  const after = pageToken ? parsePoint(pageToken) : undefined
  const run = await findRun(db, runId)
  const rows = await historyOf(db, run.id, metricKey)
    .where(after ? sql<SqlBool>`(timestamp, step, value, is_nan) > (${sql.join(after)})` : sql<SqlBool>`true`)
    .orderBy('timestamp')
    .orderBy('step')
    .orderBy('value')
    .orderBy('is_nan')
    .limit(size + 1)
    .execute()
  const kept = rows.slice(0, size)
  const last = kept.at(-1)
  const isCut = kept.length < rows.length && last !== undefined
  const nextPageToken = isCut
    ? encodeToken({ after: [last.timestamp, last.step, last.value, last.is_nan] })
    : undefined
  return { metrics: kept.map(metricMessage), nextPageToken }
}

function parsePoint(token: string): number[] {
  const { after } = parseToken(token)
  if (!Array.isArray(after) || after.length !== 4) return refuseToken()
  const [timestamp, step, value, isNan] = after
  const isPoint = [timestamp, step, isNan].every(Number.isSafeInteger) && Number.isFinite(value)
  return isPoint ? after : refuseToken()
}

/** As many as are asked for, but no more than `most`, which is also the default. */
function sizeWithin(most: number, maxResults: number | undefined): number {
  const asked = checkMaxResults(maxResults, { most: Number.MAX_SAFE_INTEGER, byDefault: most })
  return Math.min(asked, most)
}

function historyOf(db: Db, run: number, key: string) {
  return db
    .selectFrom('metrics')
    .select(['key', 'timestamp', 'step', 'value', 'is_nan'])
    .where('run', '=', run)
    .where('key', '=', key)
}

/** Unknown runs have no points, as in MLflow. */
async function readSeveral(
  db: Db,
  { runId: runIds, metricKey, maxResults }: CallRequest<'getMetricHistoryBulk'>,
): Promise<CallResponse<'getMetricHistoryBulk'>> {
  checkBulk(runIds)
  if (!metricKey)
    return refuse('INVALID_PARAMETER_VALUE', 'GetMetricHistoryBulk request must specify a metric_key.')
  const size = sizeWithin(LIMITS.bulkPoints, maxResults)
  const rows = await db
    .selectFrom('metrics')
    .innerJoin('runs', 'runs.id', 'metrics.run')
    .select(['runs.run_id', 'key', 'timestamp', 'step', 'value', 'is_nan'])
    .where('runs.run_id', 'in', runIds)
    .where('key', '=', metricKey)
    .orderBy('runs.run_id')
    .orderBy('timestamp')
    .orderBy('step')
    .orderBy('value')
    .limit(size)
    .execute()
  return { metrics: rows.map((row) => ({ ...metricMessage(row), runId: row.run_id })) }
}

/** Unknown runs have no points; of a run given twice the points come twice. */
async function readSamples(
  db: Db,
  { runIds, metricKey, startStep, endStep, maxResults }: CallRequest<'getMetricHistoryBulkInterval'>,
): Promise<CallResponse<'getMetricHistoryBulkInterval'>> {
  checkInterval(runIds, maxResults)
  const steps = checkSteps(startStep, endStep)
  const runs = await db.selectFrom('runs').select(['id', 'run_id']).where('run_id', 'in', runIds).execute()
  const ids = new Map(runs.map((run) => [run.run_id, run.id]))
  const metrics = []
  for (const runId of runIds) {
    const run = ids.get(runId)
    if (run === undefined) continue
    const rows = await sampleRun(db, { run, key: metricKey, ...steps }, maxResults ?? LIMITS.samplesOfRun)
    metrics.push(...rows.map((row) => ({ ...metricMessage(row), runId })))
  }
  return { metrics }
}

interface History {
  readonly run: number
  readonly key: string
  readonly from: number
  readonly to: number
}

/** Points in the order of step, time and value; the database numbers them and gives only those of the sample. */
async function sampleRun(db: Db, { run, key, from, to }: History, size: number) {
  const points = historyOf(db, run, key).where('step', '>=', from).where('step', '<=', to)
  const { count } = await db
    .selectFrom(points.as('points'))
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  const places = samplePlaces(Number(count), size)
  if (places.length === 0) return []
  const order = sql`step, timestamp, value, is_nan`
  const placed = points.select(sql<number>`row_number() over (order by ${order})`.as('place'))
  return db
    .selectFrom(placed.as('placed'))
    .select(['key', 'timestamp', 'step', 'value', 'is_nan'])
    .where('place', 'in', places)
    .orderBy('place')
    .execute()
}

/**
 * Which of `count` points in a row, numbered from 1, stand for all: the first of each of `size` parts of equal length
 * (longer parts come first, as SQL's NTILE has them), and in place of the last part's first the last point. All if
 * there are no more than `size`; the last alone if `size` is 1. MLflow's sampling (`SqlAlchemyStore`).
 *
 * @example
 * samplePlaces(10, 4) // [1, 4, 7, 10]
 */
export function samplePlaces(count: number, size: number): number[] {
  if (count <= size) return Array.from({ length: count }, (_, index) => index + 1)
  const short = Math.floor(count / size)
  const longer = count % size
  const firsts = Array.from({ length: size - 1 }, (_, part) => 1 + part * short + Math.min(part, longer))
  return [...firsts, count]
}

function checkBulk(runIds: readonly string[]): void {
  const call = 'GetMetricHistoryBulk request'
  if (runIds.length === 0) refuse('INVALID_PARAMETER_VALUE', `${call} must specify at least one run_id.`)
  if (runIds.length <= LIMITS.historyRuns) return
  const rule = `${call} cannot specify more than ${LIMITS.historyRuns} run_ids.`
  refuse('INVALID_PARAMETER_VALUE', `${rule} Received ${runIds.length} run_ids.`)
}

function checkInterval(runIds: readonly string[], maxResults = 1): void {
  if (runIds.length === 0) {
    refuse('INVALID_PARAMETER_VALUE', "Missing value for required parameter 'run_ids'.")
  }
  if (runIds.length > LIMITS.historyRuns) {
    const rule = `GetMetricHistoryBulkInterval request must specify at most ${LIMITS.historyRuns} run_ids.`
    refuse('INVALID_PARAMETER_VALUE', `${rule} Received ${runIds.length} run_ids.`)
  }
  if (maxResults >= 1 && maxResults <= LIMITS.samplesOfRun) return
  refuse('INVALID_PARAMETER_VALUE', `max_results must be between 1 and ${LIMITS.samplesOfRun}.`)
}

function checkSteps(from: number | undefined, to: number | undefined): { from: number; to: number } {
  if (from === undefined && to === undefined) {
    return { from: Number.MIN_SAFE_INTEGER, to: Number.MAX_SAFE_INTEGER }
  }
  if (from === undefined || to === undefined) {
    const rule = 'If either start step or end step are specified, both must be specified.'
    return refuse('INVALID_PARAMETER_VALUE', rule)
  }
  if (from <= to) return { from, to }
  const rule = `end_step must be greater than start_step. Found start_step=${from} and end_step=${to}.`
  return refuse('INVALID_PARAMETER_VALUE', rule)
}
