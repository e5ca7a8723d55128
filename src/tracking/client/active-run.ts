import { AsyncLocalStorage } from 'node:async_hooks'
import type { RunStatus } from '../protocol/messages.ts'
import type { Run, Texts } from './entities.ts'
import {
  chosenClient,
  chosenExperiment,
  experimentOfRuns,
  refuseUsage,
  takeDefaultRun,
} from './fluent-state.ts'
import type { MlflowClient } from './mlflow-client.ts'
import { contextTags } from './run-context.ts'
import { RunLogger } from './run-logger.ts'

export interface StartRunOptions {
  /** Takes up this run again instead of making one: RUNNING, with these tags and this name added. */
  readonly runId?: string
  readonly runName?: string
  readonly tags?: Texts
  /** Becomes the tag `mlflow.note.content`, which MLflow shows as Markdown. */
  readonly description?: string
  /** Default: what `setExperiment` or the environment chose, or the experiment "Default". */
  readonly experimentId?: string
  /** Makes the run a child of that one; default: of the active run, if `nested`. */
  readonly parentRunId?: string
  /** Must be true to start a run within a run; the new one becomes its child. */
  readonly nested?: boolean
}

/**
 * Starts a run, which becomes the active one. With `work`, for as long as that takes: what it starts, however
 * asynchronous, logs to this run, and runs side by side do not mix; the run ends FINISHED, or FAILED if `work` throws
 * (the error passes on) or something could not be logged (LOGGING_INCOMPLETE). Without `work`, for the whole process
 * until `endRun`, which is called FINISHED at the process's own end. Tags name the user and the program as MLflow's
 * client does. USAGE without a client, within another run unless `nested` is true, or for a deleted run.
 *
 * @example
 * const train = () => startRun({ runName: 'first', tags: { team: 'fraud' } }, async (run) => {
 *   await logParams({ max_depth: 6 })
 *   await logMetric('auc', 0.94, { step: 1 })
 *   return run.info.runId
 * })
 */
export function startRun<T>(options: StartRunOptions, work: (run: Run) => Promise<T>): Promise<T>
export function startRun(options?: StartRunOptions): Promise<Run>
export async function startRun(
  options: StartRunOptions = {},
  work?: (run: Run) => Promise<unknown>,
): Promise<unknown> {
  if (!work && within.getStore()) refuseUsage('Within the function of a run, give startRun a function too')
  const run = await openRun(options)
  if (work) return runWithin(run, work)
  flushAtEnd()
  forProcess.push(run)
  return run.run
}

/**
 * Ends the run that `startRun` without a function made active; nothing if there is none.
 *
 * @example
 * const byHand = async () => {
 *   await startRun({ runName: 'by hand' })
 *   await logMetric('auc', 0.94)
 *   await endRun()
 * }
 */
export async function endRun(status: RunStatus = 'FINISHED'): Promise<void> {
  const run = forProcess.pop()
  if (!run) return
  await close(run, status)
}

/** The active run as it was when it started. */
export function activeRun(): Run | undefined {
  return active()?.run
}

/** The active run, or else the one that ended last in this process, as the server has it now. */
export async function lastActiveRun(): Promise<Run | undefined> {
  const { client, runId } = active() ?? last.run ?? {}
  return client && runId !== undefined ? client.getRun(runId) : undefined
}

/** The id of the active run, if there is one. */
export function activeRunId(): string | undefined {
  return active()?.runId
}

/**
 * Logs to the active run in the background, for callbacks that cannot wait. The end of the run waits for all of it;
 * what could not be logged makes the run FAILED and its end reject. USAGE without an active run.
 *
 * @example
 * const train = () => startRun({}, async () => {
 *   const logger = activeRunLogger()
 *   for (let step = 0; step < 100; step++) logger.logMetric({ key: 'loss', value: 1 / (step + 1), step })
 * })
 */
export function activeRunLogger(): RunLogger {
  return requireRun().logger
}

export interface ActiveRun {
  readonly client: MlflowClient
  readonly run: Run
  readonly runId: string
  readonly logger: RunLogger
}

export function requireRun(): ActiveRun {
  return active() ?? refuseUsage('There is no active run; log within startRun(options, async () => …)')
}

const within = new AsyncLocalStorage<ActiveRun>()
/** Runs without a function, the innermost last. */
const forProcess: ActiveRun[] = []
const last: { run?: ActiveRun } = {}

function active(): ActiveRun | undefined {
  return within.getStore() ?? forProcess.at(-1)
}

async function openRun(options: StartRunOptions): Promise<ActiveRun> {
  const client = chosenClient()
  const outer = active()
  if (outer && !options.nested) {
    refuseUsage(`Run ${outer.runId} is already active; start a run within it with { nested: true }`)
  }
  const runId = options.runId ?? takeDefaultRun()
  const run = runId === undefined ? await newRun(client, options) : await resume(client, runId, options)
  return { client, run, runId: run.info.runId, logger: new RunLogger(client, run.info.runId) }
}

async function newRun(client: MlflowClient, options: StartRunOptions): Promise<Run> {
  const { runName, experimentId = await experimentOfRuns(), parentRunId = active()?.runId } = options
  return client.createRun({
    experimentId,
    runName,
    parentRunId,
    tags: { ...contextTags(), ...tagsOf(options) },
  })
}

async function resume(client: MlflowClient, runId: string, options: StartRunOptions): Promise<Run> {
  const { info } = await client.getRun(runId)
  if (info.lifecycleStage === 'deleted') refuseUsage(`Run ${runId} is deleted; restore it to log to it again`)
  if ((chosenExperiment() ?? info.experimentId) !== info.experimentId) {
    refuseUsage(`Run ${runId} belongs to experiment ${info.experimentId}, but ${chosenExperiment()} is set`)
  }
  await client.updateRun(runId, { status: 'RUNNING', endTime: info.endTime, runName: options.runName })
  const tags = Object.entries(tagsOf(options)).map(([key, value]) => ({ key, value }))
  if (tags.length > 0) await client.logBatch(runId, { tags })
  return client.getRun(runId)
}

function tagsOf({ tags = {}, description }: StartRunOptions): Texts {
  return description === undefined ? tags : { ...tags, 'mlflow.note.content': description }
}

async function runWithin(run: ActiveRun, work: (run: Run) => Promise<unknown>): Promise<unknown> {
  let result: unknown
  try {
    result = await within.run(run, () => work(run.run))
  } catch (error) {
    // the failure of the work is the one to report
    await close(run, 'FAILED').catch(() => {})
    throw error
  }
  await close(run, 'FINISHED')
  return result
}

/** A run whose logging is incomplete is FAILED, whatever it was to be. */
async function close(run: ActiveRun, status: RunStatus): Promise<void> {
  const { client, runId, logger } = run
  last.run = run
  try {
    await logger.flush()
  } catch (error) {
    // what waits has been told, and the process's end shall not tell it again
    logger.abort()
    await logger.flush().catch(() => {})
    await client.setTerminated(runId, { status: 'FAILED' }).catch(() => {})
    throw error
  }
  await client.setTerminated(runId, { status })
}

function flushAtEnd(): void {
  if (!process.listeners('beforeExit').includes(endAll)) process.on('beforeExit', endAll)
}

async function endAll(): Promise<void> {
  while (forProcess.length > 0) await endRun()
}
