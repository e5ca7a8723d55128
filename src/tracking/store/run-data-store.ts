import type { CallRequest, CallResponse } from '../protocol/endpoints.ts'
import { checkKey, LIMITS, truncate } from '../protocol/limits.ts'
import type { MetricMessage, PairMessage } from '../protocol/messages.ts'
import { refuse } from '../protocol/refusal.ts'
import { insertRows, rowInsert } from './insert-rows.ts'
import { putModelMetrics } from './logged-model-metrics.ts'
import { activeRun, checkRunTags, putRunTags, type RunRow } from './run-store.ts'
import type { Db, StoreContext } from './store-context.ts'
import type { TrackingStore } from './tracking-store.ts'

type RunDataCalls = Pick<TrackingStore, 'logMetric' | 'logParam' | 'logBatch'>

/** What is logged to a run: metrics with their history, and parameters, which never change. */
export function createRunDataStore({ write }: StoreContext): RunDataCalls {
  return {
    logMetric: ({ runId, ...metric }) =>
      write((trx) => logBatch(trx, { runId, metrics: [metric], params: [], tags: [] })),
    logParam: ({ runId, key, value }) =>
      write(async (trx) => {
        await putParams(trx, await activeRun(trx, runId), checkParams([{ key, value }]))
        return {}
      }),
    logBatch: async (request) => {
      checkBatch(request)
      return write((trx) => logBatch(trx, request))
    },
  }
}

async function logBatch(db: Db, request: CallRequest<'logBatch'>): Promise<CallResponse<'logBatch'>> {
  const params = checkParams(request.params, 'params')
  const tags = checkRunTags(request.tags, 'tags')
  const points = request.metrics.map((metric, index) =>
    pointOf(metric, request.metrics.length > 1 ? `metrics[${index}].` : ''),
  )
  const run = await activeRun(db, request.runId)
  await putParams(db, run, params)
  await putMetrics(db, run.id, points)
  await putModelMetrics(db, run, request.metrics)
  await putRunTags(db, run, tags)
  return {}
}

export interface MetricPoint {
  readonly key: string
  readonly timestamp: number
  readonly step: number
  readonly value: number
  readonly is_nan: number
}

/** A metric as it is stored: NaN as 0 with a mark, the infinities as the largest doubles. */
export function pointOf({ key, value, timestamp, step = 0 }: MetricMessage, path: string): MetricPoint {
  checkKey(key, `${path}name`, 'Metric name')
  if (timestamp < 0) {
    const rule = `metric '${key}' (value=${value}). Timestamp must be a nonnegative long (64-bit integer) `
    refuse(
      'INVALID_PARAMETER_VALUE',
      `Invalid value ${timestamp} for parameter '${path}timestamp' supplied: ${rule}`,
    )
  }
  if (Number.isNaN(value)) return { key, timestamp, step, value: 0, is_nan: 1 }
  const stored = Math.min(Math.max(value, -Number.MAX_VALUE), Number.MAX_VALUE)
  return { key, timestamp, step, value: stored, is_nan: 0 }
}

function checkBatch({ metrics, params, tags }: CallRequest<'logBatch'>): void {
  checkCount('metrics', LIMITS.batch, metrics.length)
  checkCount('params', LIMITS.batchParams, params.length)
  checkCount('tags', LIMITS.batchTags, tags.length)
  checkCount('metrics, params, and tags', LIMITS.batch, metrics.length + params.length + tags.length)
  const keys = params.map(({ key }) => key)
  const twice = keys.filter((key, index) => keys.indexOf(key) !== index)
  if (twice.length === 0) return
  const rule = 'Please ensure the request contains only one param value per param key.'
  refuse(
    'INVALID_PARAMETER_VALUE',
    `Duplicate parameter keys have been submitted: ['${twice.join("', '")}']. ${rule}`,
  )
}

function checkCount(entity: string, most: number, count: number): void {
  if (count <= most) return
  const rule = `A batch logging request can contain at most ${most} ${entity}. Got ${count} ${entity}.`
  refuse(
    'INVALID_PARAMETER_VALUE',
    `${rule} Please split up ${entity} across multiple requests and try again.`,
  )
}

function checkParams(params: readonly PairMessage[], path?: string): Required<PairMessage>[] {
  return params.map(({ key, value = '' }, index) => ({
    key: checkKey(key, path === undefined ? 'key' : `${path}[${index}].key`, 'Param key'),
    value: truncate(value, LIMITS.paramValue),
  })) as Required<PairMessage>[]
}

async function putParams(db: Db, run: RunRow, params: readonly PairMessage[]): Promise<void> {
  if (params.length === 0) return
  const rows = params.map(({ key, value = '' }) => ({ owner: run.id, key, value }))
  const keys = rows.map((row) => row.key)
  const query = db
    .selectFrom('run_params')
    .select(['key', 'value'])
    .where('owner', '=', run.id)
    .where('key', 'in', keys)
  const known = new Map((await query.execute()).map(({ key, value }) => [key, value]))
  for (const { key, value } of rows) {
    const old = known.get(key)
    if (old !== undefined && old !== value) refuseChange(run.run_id, { key, old, value })
  }
  const fresh = rows.filter(({ key }) => !known.has(key))
  if (fresh.length > 0) await db.insertInto('run_params').values(fresh).execute()
}

function refuseChange(
  runId: string,
  { key, old, value }: { key: string; old: string; value: string },
): never {
  const logged = `Param with key='${key}' was already logged with value='${old}' for run ID='${runId}'.`
  const message = `Changing param values is not allowed. ${logged} Attempted logging new value '${value}'.`
  return refuse('INVALID_PARAMETER_VALUE', message)
}

/** Adds points to the history, a repeated one once, and moves each latest value on if a later one came. */
async function putMetrics(db: Db, run: number, points: readonly MetricPoint[]): Promise<void> {
  const rowOf = ({ key, timestamp, step, value, is_nan }: MetricPoint) => [
    run,
    key,
    timestamp,
    step,
    value,
    is_nan,
  ]
  await Promise.all([
    insertRows(db, HISTORY, points.map(rowOf)),
    insertRows(db, LATEST, latestOf(points).map(rowOf)),
  ])
}

const POINT = {
  run: 'bigint',
  key: 'text',
  timestamp: 'bigint',
  step: 'bigint',
  value: 'double precision',
  is_nan: 'bigint',
} as const
const HISTORY = rowInsert('metrics', POINT, 'do nothing')
const LATEST = rowInsert(
  'latest_metrics',
  POINT,
  `(run, key) do update set
    timestamp = excluded.timestamp, step = excluded.step, value = excluded.value, is_nan = excluded.is_nan
    where (excluded.step, excluded.timestamp, excluded.value)
      > (latest_metrics.step, latest_metrics.timestamp, latest_metrics.value)`,
)

/** Of each key the point with the largest (step, timestamp, value). */
export function latestOf<P extends MetricPoint>(points: readonly P[]): P[] {
  const latest = new Map<string, P>()
  for (const point of points) {
    const known = latest.get(point.key)
    if (!known || isLater(point, known)) latest.set(point.key, point)
  }
  return [...latest.values()]
}

function isLater(a: MetricPoint, b: MetricPoint): boolean {
  return (a.step - b.step || a.timestamp - b.timestamp || a.value - b.value) > 0
}
