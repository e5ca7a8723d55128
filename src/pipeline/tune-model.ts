import { labelsOf, requireBothClasses, selectRows, splitByTime, type Table } from '../data/index.ts'
import { averagePrecisionScore } from '../evaluation/index.ts'
import { type ColumnRoles, featureNames, fitFeatures, transformTable } from '../features/index.ts'
import { isNoAnswer } from '../math/no-answer.ts'
import { parseParams, quantileMatrix, trainBooster } from '../model/index.ts'
import type { MlflowClient } from '../tracking/index.ts'
import { createStudy, MedianPruner, type Sampler, type Trial } from '../tuning/index.ts'
import { EXPERIMENT_NAME, ensureExperiment } from './track-model.ts'

/** Bounds of one whole-number or real parameter, both included. */
export interface SearchSpace {
  readonly n_estimators: readonly [number, number]
  readonly max_depth: readonly [number, number]
  /** Searched by its logarithm. */
  readonly learning_rate: readonly [number, number]
}

/** The specification's study, section 2-1. */
export const DEFAULT_SPACE: SearchSpace = {
  n_estimators: [100, 500],
  max_depth: [4, 12],
  learning_rate: [0.01, 0.3],
}

export interface TuneInput {
  readonly client: MlflowClient
  readonly table: Table
  readonly roles: ColumnRoles & { readonly label: string }
  readonly trials: number
  readonly sampler: Sampler
  readonly space?: SearchSpace
  readonly seed: number
  readonly now: () => number
  readonly onTrial?: (done: number, total: number, bestValue: number) => void
}

/** The answer of `fds tune`, keys as in the public contract. */
export interface TuneResult {
  readonly study: string
  readonly best_params: Readonly<Record<string, number>>
  readonly best_value: number
  readonly trials: readonly {
    readonly number: number
    readonly params: Readonly<Record<string, unknown>>
    readonly value: number | null
    readonly state: string
  }[]
}

/**
 * Searches parameters by average precision on the last fifth of the rows in time, the earlier rows training.
 * Every trial is a run nested in the study's run, which carries `best_…` at the end (specification, section 2-1).
 */
export async function tuneModel(input: TuneInput): Promise<TuneResult> {
  const { client, trials, now, sampler, space = DEFAULT_SPACE } = input
  const data = prepare(input)
  const experimentId = await ensureExperiment(client, EXPERIMENT_NAME)
  const parent = await client.createRun({ experimentId, runName: `study_${trials}_trials`, startTime: now() })
  const { runId } = parent.info
  const study = createStudy({ direction: 'maximize', sampler, pruner: new MedianPruner() })
  let done = 0
  try {
    const objective = async (trial: Trial) => {
      const run = await client.createRun({
        experimentId,
        runName: `trial_${trial.number}`,
        parentRunId: runId,
        startTime: now(),
      })
      const params = suggest(trial, space)
      const value = averagePrecision(data, { ...params, seed: input.seed })
      await logTrial(client, run.info.runId, { params, metrics: { auprc: value }, now })
      return value
    }
    await study.optimize(objective, {
      nTrials: trials,
      callbacks: [() => input.onTrial?.(++done, trials, study.bestValue)],
    })
    const best = Object.fromEntries(
      Object.entries(study.bestParams).map(([name, value]) => [`best_${name}`, value]),
    )
    await logTrial(client, runId, { params: best, metrics: { best_auprc: study.bestValue }, now })
  } catch (error) {
    await client.setTerminated(runId, { status: 'FAILED', endTime: now() }).catch(() => {})
    throw error
  }
  return {
    study: runId,
    best_params: study.bestParams as Record<string, number>,
    best_value: study.bestValue,
    trials: study.trials.map(({ number, params, value, state }) => ({ number, params, value, state })),
  }
}

function suggest(trial: Trial, space: SearchSpace): Record<string, number> {
  return {
    n_estimators: trial.suggestInt('n_estimators', ...space.n_estimators),
    max_depth: trial.suggestInt('max_depth', ...space.max_depth),
    learning_rate: trial.suggestFloat('learning_rate', ...space.learning_rate, { log: true }),
  }
}

type TuneData = ReturnType<typeof prepare>

function prepare({ table, roles }: TuneInput) {
  const labels = labelsOf(table, roles.label)
  requireBothClasses(labels, roles.label)
  const split = splitByTime({ table, ...(roles.time !== undefined && { time: roles.time }), holdout: 0.2 })
  const part = (rows: Int32Array) => {
    const y = Uint8Array.from(rows, (row) => labels[row]!)
    requireBothClasses(y, roles.label)
    return { table: selectRows(table, rows), y }
  }
  const train = part(split.train)
  const validation = part(split.holdout)
  const { spec, matrix } = fitFeatures({ table: train.table, labels: train.y, roles })
  return {
    featureNames: featureNames(spec),
    // one set of bins serves all trials
    train: { x: quantileMatrix(matrix), y: train.y },
    validation: { x: transformTable(spec, validation.table), y: validation.y },
  }
}

function averagePrecision(data: TuneData, params: Record<string, number>): number {
  const booster = trainBooster(parseParams(params), { ...data.train, featureNames: data.featureNames })
  const value = averagePrecisionScore(data.validation.y, booster.predict(data.validation.x))
  return isNoAnswer(value) ? Number.NaN : value
}

async function logTrial(
  client: MlflowClient,
  runId: string,
  result: {
    params: Readonly<Record<string, unknown>>
    metrics: Readonly<Record<string, number>>
    now: () => number
  },
): Promise<void> {
  const { params, metrics, now } = result
  await client.logBatch(runId, {
    params: Object.entries(params).map(([key, value]) => ({ key, value: String(value) })),
    metrics: Object.entries(metrics).map(([key, value]) => ({ key, value, timestamp: now(), step: 0 })),
  })
  await client.setTerminated(runId, { status: 'FINISHED', endTime: now() })
}
