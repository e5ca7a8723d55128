import { AsyncLocalStorage } from 'node:async_hooks'
import { FdsError } from '../../errors.ts'
import { chunksOf } from '../store/store-pairs.ts'
import type { Experiment, Run, Texts } from './entities.ts'
import type { MlflowClient } from './mlflow-client.ts'
import type { ParamValue } from './run-client.ts'
import { RunLogger } from './run-logger.ts'
import { isTrackingError } from './tracking-client.ts'

export interface StartRunOptions {
  readonly runName?: string
  readonly tags?: Texts
  readonly description?: string
  /** Default: what `setExperiment` chose, or the experiment "Default". */
  readonly experimentId?: string
  /** Must be true to start a run within a run; the new one becomes its child. */
  readonly nested?: boolean
}

/** Chooses the client that the functions below use. Call it once before them. */
export function setTrackingClient(client: MlflowClient): void {
  chosen.client = client
  chosen.experimentId = DEFAULT_EXPERIMENT
}

/** The client that was chosen, if there is one. */
export function trackingClient(): MlflowClient | undefined {
  return chosen.client
}

/** Chooses the experiment of later runs by name, and makes it if there is none. */
export async function setExperiment(name: string): Promise<Experiment> {
  const client = chosenClient()
  const experiment = (await client.getExperimentByName(name)) ?? (await createExperiment(client, name))
  chosen.experimentId = experiment.experimentId
  return experiment
}

/**
 * Runs `work` with a new active run, which ends with it: FINISHED, or FAILED if it throws (the error passes on).
 * What `work` starts, however asynchronous, logs to this run; runs side by side do not mix. USAGE without a client,
 * or within another run unless `nested` is true.
 */
export async function startRun<T>(options: StartRunOptions, work: (run: Run) => Promise<T>): Promise<T> {
  const client = chosenClient()
  const parentRunId = active.getStore()?.runId
  if (parentRunId !== undefined && !options.nested) {
    refuseUsage(`Run ${parentRunId} is already active; start a run within it with { nested: true }`)
  }
  const run = await client.createRun(newRun(options, parentRunId))
  const { runId } = run.info
  const logger = new RunLogger(client, runId)
  try {
    const result = await active.run({ client, runId, logger }, () => work(run))
    await logger.flush()
    await client.setTerminated(runId)
    return result
  } catch (error) {
    // the first failure is the one to report
    await logger.flush().catch(() => {})
    await client.setTerminated(runId, { status: 'FAILED' }).catch(() => {})
    throw error
  }
}

/**
 * Logs to the active run in the background, for callbacks that cannot wait. The end of `startRun` waits for all of it;
 * what could not be logged makes the run FAILED and `startRun` reject. USAGE without an active run.
 */
export function activeRunLogger(): RunLogger {
  return activeRun().logger
}

/** The id of the run that the functions below log to, if there is one. */
export function activeRunId(): string | undefined {
  return active.getStore()?.runId
}

export async function logParams(params: Readonly<Record<string, ParamValue>>): Promise<void> {
  const { client, runId } = activeRun()
  const entries = Object.entries(params).map(([key, value]) => ({ key, value }))
  for (const chunk of chunksOf(entries, BATCH_PARAMS)) await client.logBatch(runId, { params: chunk })
}

/** All with one step and one time; `step` defaults to 0. */
export async function logMetrics(
  metrics: Readonly<Record<string, number>>,
  options: { step?: number } = {},
): Promise<void> {
  const { client, runId } = activeRun()
  const point = { timestamp: client.now(), step: options.step ?? 0 }
  const entries = Object.entries(metrics).map(([key, value]) => ({ key, value, ...point }))
  for (const chunk of chunksOf(entries, BATCH_METRICS)) await client.logBatch(runId, { metrics: chunk })
}

export async function setTags(tags: Texts): Promise<void> {
  const { client, runId } = activeRun()
  const entries = Object.entries(tags).map(([key, value]) => ({ key, value }))
  for (const chunk of chunksOf(entries, BATCH_PARAMS)) await client.logBatch(runId, { tags: chunk })
}

/** Writes one file below the run's artifact folder; `path` may name folders. */
export async function logArtifact(file: { path: string; data: Uint8Array | string }): Promise<void> {
  const { client, runId } = activeRun()
  await client.logArtifact(runId, file)
}

const DEFAULT_EXPERIMENT = '0'
const BATCH_PARAMS = 100
const BATCH_METRICS = 1000

interface ActiveRun {
  readonly client: MlflowClient
  readonly runId: string
  readonly logger: RunLogger
}

const active = new AsyncLocalStorage<ActiveRun>()
const chosen: { client?: MlflowClient; experimentId: string } = { experimentId: DEFAULT_EXPERIMENT }

function chosenClient(): MlflowClient {
  return chosen.client ?? refuseUsage('Call setTrackingClient(client) before the logging functions')
}

function activeRun(): ActiveRun {
  return (
    active.getStore() ?? refuseUsage('There is no active run; log within startRun(options, async () => …)')
  )
}

function newRun(
  options: StartRunOptions,
  parentRunId: string | undefined,
): Parameters<MlflowClient['createRun']>[0] {
  const { runName, experimentId = chosen.experimentId, description } = options
  const note: Texts = description === undefined ? {} : { 'mlflow.note.content': description }
  const named = runName === undefined ? {} : { runName }
  const parent = parentRunId === undefined ? {} : { parentRunId }
  return { experimentId, tags: { ...options.tags, ...note }, ...named, ...parent }
}

/** Two processes may make it at once: then the other's is as good. */
async function createExperiment(client: MlflowClient, name: string): Promise<Experiment> {
  try {
    return await client.getExperiment(await client.createExperiment(name))
  } catch (error) {
    const made = isTrackingError(error, 'RESOURCE_ALREADY_EXISTS')
      ? await client.getExperimentByName(name)
      : undefined
    if (made) return made
    throw error
  }
}

function refuseUsage(reason: string): never {
  throw new FdsError('USAGE', { reason })
}
