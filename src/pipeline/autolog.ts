import {
  type ImportanceKind,
  type ObservedTraining,
  observeTraining,
  type TrainingObservation,
} from '../model/index.ts'
import { matrixOf } from '../model/training/training-data.ts'
import {
  activeRunId,
  activeRunLogger,
  type DatasetInput,
  startRun,
  trackingClient,
} from '../tracking/index.ts'
import { matrixInput } from './dataset-input.ts'
import { openTrainingLog, type TrainingLog } from './training-log.ts'

export interface AutologOptions {
  /** True turns it off again. */
  readonly disable?: boolean
  /** Kinds of importance to log, in XGBoost's names; default `weight` alone. */
  readonly importanceTypes?: readonly ImportanceKind[]
}

/**
 * Has every later training of this process logged, as `mlflow.xgboost.autolog(log_models=False)` does in Python:
 * parameters, data sets with their digests and columns, metrics of the evaluation sets by iteration, the best iteration
 * after early stopping, and importance. It goes to the active run of `startRun`, which waits for it before it ends;
 * a training outside of any run gets a run of its own, named by the server and tagged `mlflow.autologging`, FINISHED or
 * FAILED as the training is. Calling it again changes the options.
 *
 * A training never fails on account of its own run: what cannot be logged is a warning of the process (code
 * FDS_AUTOLOG). Within `startRun` a failure to log is that of the run.
 *
 * @example
 * autolog()
 * const x = { rowCount: 4, columnCount: 1, values: Float32Array.of(1, 2, 3, 4) }
 * autolog({ disable: true })
 * trainBooster({ minChildWeight: 0 }, { x, y: [0, 0, 1, 1] }).trees.length // 100
 */
export function autolog(options: AutologOptions = {}): void {
  observeTraining(options.disable ? undefined : (training) => observe(training, options))
}

/** Waits for the runs that autologging made of its own; trainings within `startRun` need no waiting. */
export async function flushAutolog(): Promise<void> {
  await Promise.all(ownRuns)
}

const ownRuns = new Set<Promise<void>>()
const INTEGRATION = { 'mlflow.autologging': 'xgboost' }

function observe(training: ObservedTraining, options: AutologOptions): TrainingObservation {
  const isWithin = activeRunId() !== undefined
  const { record, end } = isWithin ? withinRun(options) : inOwnRun(options)
  const started = startOf(training)
  record((log) => log.start(started))
  return {
    iteration: (event) => {
      const timestamp = trackingClient()?.now()
      record((log) => log.iteration(event, timestamp))
    },
    end: (outcome) => {
      if ('booster' in outcome) record((log) => log.end(outcome.booster))
      end(outcome)
    },
  }
}

/** Where the course of a training goes, at once or when its run is there. */
interface Recorder {
  record(entry: (log: TrainingLog) => void): void
  end(outcome: object): void
}

function withinRun(options: AutologOptions): Recorder {
  const log = openTrainingLog(activeRunLogger(), options)
  return { record: (entry) => entry(log), end: () => {} }
}

/** The run is asked for at once; while a training blocks the process, what it says waits here. */
function inOwnRun(options: AutologOptions): Recorder {
  const waiting: ((log: TrainingLog) => void)[] = []
  const ended = Promise.withResolvers<void>()
  let log: TrainingLog | undefined
  const run = startRun({ tags: INTEGRATION }, async () => {
    log = openTrainingLog(activeRunLogger(), options)
    for (const entry of waiting) entry(log)
    await ended.promise
  })
  track(run, ended.promise)
  return {
    record: (entry) => {
      if (log) entry(log)
      else waiting.push(entry)
    },
    end: (outcome) => ('error' in outcome ? ended.reject(outcome.error) : ended.resolve()),
  }
}

/** The training's own error goes to its caller; another failure is the run's and would go to nobody. */
function track(run: Promise<void>, training: Promise<void>): void {
  const failure = training.catch((reason: unknown) => reason)
  const done = run.catch(async (error: unknown) => {
    if (error !== (await failure))
      process.emitWarning(`A training was not logged: ${String(error)}`, { code: 'FDS_AUTOLOG' })
  })
  ownRuns.add(done)
  void done.finally(() => ownRuns.delete(done))
}

function startOf({ params, data }: ObservedTraining): Parameters<TrainingLog['start']>[0] {
  const { customMetrics = [] } = data
  return { params, customMetrics, datasets: datasetsOf(data) }
}

/** Bins no longer know the numbers they were made of, so a quantile matrix goes without. */
function datasetsOf({ x, featureNames, model, evalSets = [] }: ObservedTraining['data']): DatasetInput[] {
  const sets = evalSets.map((set) => ({ name: set.name, context: 'eval' as const, x: set.x }))
  const train = 'cuts' in x ? [] : [{ name: 'dataset', context: 'train' as const, x }]
  return [...train, ...sets].map(({ name, context, x: rows }) => {
    const matrix = matrixOf(rows, name)
    const names = featureNames ?? model?.featureNames
    const columns = names ?? Array.from({ length: matrix.columnCount }, (_, f) => `f${f}`)
    return matrixInput(matrix, { name, context, columns })
  })
}
