import { LIMITS } from '../protocol/limits.ts'
import { chunksOf } from '../store/store-pairs.ts'
import { type ActiveRun, requireRun } from './active-run.ts'
import type { Dataset } from './dataset.ts'
import type { Texts } from './entities.ts'
import { isAsync } from './fluent-state.ts'
import type { MlflowClient } from './mlflow-client.ts'
import type { MetricInput, ParamValue } from './run-client.ts'

export interface LogOptions {
  /**
   * False: the entry goes to the run's queue (`RunLogger`), and the promise resolves at once, or, where the queue is
   * long, once it was sent. Default true, unless `enableAsyncLogging` or MLFLOW_ENABLE_ASYNC_LOGGING says otherwise.
   */
  readonly synchronous?: boolean
}

export interface LogMetricOptions extends LogOptions {
  /** Default 0. */
  readonly step?: number
  /** Milliseconds since 1970; default now. */
  readonly timestamp?: number
  /** The logged model that the value speaks of. */
  readonly modelId?: string
  /** The data set that the value was measured on, which becomes an input of the run. */
  readonly dataset?: Dataset
}

/**
 * Logs a parameter of the active run. A parameter is set once: another value for it is refused.
 *
 * @example
 * const describe = () => logParam('max_depth', 6)
 */
export function logParam(key: string, value: ParamValue, options: LogOptions = {}): Promise<void> {
  return logParams({ [key]: value }, options)
}

/**
 * Logs parameters of the active run, as many as there are, in calls of 100.
 *
 * @example
 * const describe = () => logParams({ max_depth: 6, learning_rate: 0.1 })
 */
export async function logParams(
  params: Readonly<Record<string, ParamValue>>,
  options: LogOptions = {},
): Promise<void> {
  const run = requireRun()
  if (isAsync(options.synchronous)) return queue(run, () => run.logger.logParams(params))
  const entries = Object.entries(params).map(([key, value]) => ({ key, value }))
  await inTurn(run, entries, LIMITS.batchParams, (chunk) => ({ params: chunk }))
}

/**
 * Logs one value of a metric of the active run.
 *
 * @example
 * const report = (loss: number, step: number) => logMetric('loss', loss, { step, synchronous: false })
 */
export function logMetric(key: string, value: number, options: LogMetricOptions = {}): Promise<void> {
  return logMetrics({ [key]: value }, options)
}

/**
 * Logs values of several metrics of the active run, all with one step and one time.
 *
 * @example
 * const report = (step: number) => logMetrics({ auc: 0.94, loss: 0.1 }, { step })
 */
export async function logMetrics(
  metrics: Readonly<Record<string, number>>,
  options: LogMetricOptions = {},
): Promise<void> {
  const run = requireRun()
  const { dataset, synchronous } = options
  const point = pointOf(options, run.client.now())
  if (dataset) await linkDataset(run, dataset)
  if (isAsync(synchronous)) return queue(run, () => run.logger.logMetrics(metrics, point))
  const entries = Object.entries(metrics).map(([key, value]) => ({ key, value, ...point }))
  await inTurn(run, entries, LIMITS.batch, (chunk) => ({ metrics: chunk }))
}

/**
 * Sets a tag of the active run, whatever it was before.
 *
 * @example
 * const approve = () => setTag('validation_status', 'approved')
 */
export function setTag(key: string, value: string, options: LogOptions = {}): Promise<void> {
  return setTags({ [key]: value }, options)
}

/**
 * Sets tags of the active run, as many as there are, in calls of 100.
 *
 * @example
 * const mark = () => setTags({ team: 'fraud', data: 'november' })
 */
export async function setTags(tags: Texts, options: LogOptions = {}): Promise<void> {
  const run = requireRun()
  if (isAsync(options.synchronous)) return queue(run, () => run.logger.setTags(tags))
  const entries = Object.entries(tags).map(([key, value]) => ({ key, value }))
  await inTurn(run, entries, LIMITS.batchTags, (chunk) => ({ tags: chunk }))
}

/**
 * Removes a tag of the active run. TRACKING_FAILED if it has none of that name.
 *
 * @example
 * const unmark = () => deleteTag('team')
 */
export async function deleteTag(key: string): Promise<void> {
  const run = requireRun()
  await settle(run)
  await run.client.deleteTag({ runId: run.runId, key })
}

/**
 * Says that the active run read a data set; `context` is what for, such as `training`, and becomes the tag
 * `mlflow.data.context` of that input.
 *
 * @example
 * const name = async (path: string) =>
 *   logInput(createDataset({ name: 'train', digest: await fileDigest(path), source: path }), { context: 'training' })
 */
export async function logInput(
  dataset: Dataset,
  options: { readonly context?: string; readonly tags?: Texts } = {},
): Promise<void> {
  const { client, runId } = requireRun()
  const { context, tags = {} } = options
  const described = context === undefined ? tags : { ...tags, 'mlflow.data.context': context }
  await client.logInputs(runId, [{ dataset, tags: described }])
}

function pointOf(options: LogMetricOptions, now: number): Omit<MetricInput, 'key' | 'value'> {
  const { step = 0, timestamp = now, modelId, dataset } = options
  return { step, timestamp, modelId, datasetName: dataset?.name, datasetDigest: dataset?.digest }
}

async function queue({ logger }: ActiveRun, add: () => void): Promise<void> {
  add()
  await logger.ready()
}

async function inTurn<T>(
  run: ActiveRun,
  entries: readonly T[],
  atOnce: number,
  batch: (chunk: T[]) => Parameters<MlflowClient['logBatch']>[1],
): Promise<void> {
  await settle(run)
  for (const chunk of chunksOf(entries, atOnce)) await run.client.logBatch(run.runId, batch(chunk))
}

/** What was queued before comes first. */
async function settle({ logger }: ActiveRun): Promise<void> {
  if (logger.size > 0) await logger.flush()
}

const linked = new WeakMap<ActiveRun, Set<string>>()

async function linkDataset(run: ActiveRun, dataset: Dataset): Promise<void> {
  const known = linked.get(run) ?? new Set()
  linked.set(run, known)
  const key = `${dataset.digest} ${dataset.name}`
  if (known.has(key)) return
  known.add(key)
  await run.client.logInputs(run.runId, [{ dataset, tags: {} }])
}
