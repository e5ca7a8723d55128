import type { Table } from '../data/index.ts'
import { FdsError } from '../errors.ts'
import type { ColumnRoles } from '../features/index.ts'
import { parseParams } from '../model/index.ts'
import { threadCountOf } from '../model/threads/lead-team.ts'
import type { MlflowClient } from '../tracking/index.ts'
import {
  type FrozenTrial,
  isFurtherGainUnlikely,
  type Params,
  type Pruner,
  type Sampler,
  type StoredStudy,
} from '../tuning/index.ts'
import { makeStudy } from './make-study.ts'
import {
  DEFAULT_SPACE,
  defaultsWithin,
  distributionsOf,
  type SearchSpace,
  underFirstNames,
} from './search-space.ts'
import { startTrialWorkers, type TrialWorkers } from './trial-workers.ts'
import { cutFolds } from './tune-folds.ts'
import { type Metric, type MetricName, metricOf } from './tune-metric.ts'
import { objectiveOf, TREES, TREES_GROWN } from './tune-objective.ts'

export interface TuneInput {
  readonly client: MlflowClient
  readonly table: Table
  readonly roles: ColumnRoles & { readonly label: string }
  /** How many trials the study shall have, those of an earlier call of that name too. */
  readonly trials: number
  readonly sampler: Sampler
  /** Judges a trial after each fold; none with one fold. */
  readonly pruner: Pruner
  /** `DEFAULT_SPACE` unless given. */
  readonly space?: SearchSpace
  /** Parameters that all trials share, by XGBoost's names. */
  readonly params?: Readonly<Record<string, unknown>>
  /** Average precision unless given; early stopping watches average precision where it is a function of one's own. */
  readonly metric?: MetricName | Metric
  /** Share of the rows, last in time, that the study never sees; 0 unless given. */
  readonly holdout?: number
  /** Validation parts in time; 1 unless given, the last fifth. */
  readonly folds?: number
  /** Rounds without a better metric after which a trial ends; 0 grows all trees; 50 unless given. */
  readonly earlyStoppingRounds?: number
  /** Trials at once, each on threads of its own; a thread a core, and at most one a trial, unless given. */
  readonly jobs?: number
  /** No trial starts after this many seconds. */
  readonly timeout?: number
  /** Goes on with the study of that name; several processes may work on one. */
  readonly studyName?: string
  readonly seed: number
  /** Ends the search: what runs is given up, TUNING_STOPPED. */
  readonly signal?: AbortSignal
  readonly now: () => number
  readonly onTrial?: (done: number, total: number, bestValue: number | undefined) => void
  /** Told once, after how many trials further gain has become unlikely (`isFurtherGainUnlikely`). */
  readonly onStopHint?: (done: number) => void
}

export interface TunedTrial {
  readonly number: number
  readonly params: Params
  readonly value: number | null
  readonly state: string
  /** Trees that were best, the mean of the folds. */
  readonly trees?: number
  /** Trees that were grown, the mean of the folds. */
  readonly trees_grown?: number
}

/** What a study came to, keys as in the public contract. */
export interface TuneResult {
  /** The study's run. */
  readonly study: string
  readonly metric: string
  /** With the number of trees, so that training with them needs no search. */
  readonly best_params: Readonly<Record<string, number>>
  readonly best_value: number
  readonly best_trial: number
  readonly trials: readonly TunedTrial[]
  readonly seconds: { readonly features: number; readonly search: number }
}

/** More trees than these are not worth their time at the lowest learning rate of the default space. */
const TREES_MAX = 1000
const EARLY_STOPPING_ROUNDS = 50
/** Beyond so many trials the hint takes longer than a trial. */
const HINTED_TRIALS = 250

/**
 * Searches parameters on folds in time. XGBoost's defaults are the first trial. Trials train on threads that share the
 * rows; with one job the same seed gives the same trials, with more the order of their ends changes what the sampler
 * knows. Every trial is a run nested in the study's run (specification, section 2-1). A trial that fails is no end of
 * the study.
 *
 * Errors: those of `distributionsOf`, `parseParams` and `cutFolds`, before the first trial; TRIALS_FAILED where no
 * trial completed; TUNING_STOPPED.
 */
export async function tuneModel(
  input: TuneInput,
): Promise<{ readonly result: TuneResult; readonly study: StoredStudy }> {
  const { trials, now, signal } = input
  const settings = settingsOf(input)
  const { metric, params, folds, holdout } = settings
  const started = now()
  const parts = cutFolds({ ...input, folds, holdout, maxBin: parseParams(params).maxBin })
  const searchStarted = now()
  const { n_jobs: _, ...fixed } = params
  const setting = { rows: input.table.rowCount, folds, holdout, params: fixed }
  const { study, runId, finish } = await makeStudy({
    ...input,
    metric: metric.name,
    direction: metric.direction,
    setting,
  })
  const { watched, isWatched } = settings
  const workers = startTrialWorkers({ folds: parts, metric: watched, withScores: !isWatched }, settings.jobs)
  const stop = () => void workers.close()
  signal?.addEventListener('abort', stop)
  // it may have come while the rows were read
  if (signal?.aborted) stop()
  try {
    await search(input, { ...settings, parts, study, workers })
    await finish(signal?.aborted ? 'KILLED' : 'FINISHED', bestOf(study)?.params ?? {})
  } catch (error) {
    await finish('FAILED', {}).catch(() => {})
    throw error
  } finally {
    signal?.removeEventListener('abort', stop)
    await workers.close()
  }
  if (signal?.aborted) throw stoppedError(study, { runId, trials })
  const seconds = { features: (searchStarted - started) / 1000, search: (now() - searchStarted) / 1000 }
  return { result: { study: runId, metric: metric.name, ...resultOf(study), seconds }, study }
}

function settingsOf(input: TuneInput) {
  const { space = DEFAULT_SPACE, trials, folds = 1, holdout = 0 } = input
  const { earlyStoppingRounds = EARLY_STOPPING_ROUNDS } = input
  const distributions = distributionsOf(space)
  const given = underFirstNames(input.params ?? {})
  const twice = Object.keys(given).find((name) => Object.hasOwn(distributions, name))
  if (twice !== undefined) {
    const expected = 'either searched or the same for all trials'
    throw new FdsError('PARAM_INVALID', { name: twice, expected, got: 'both' })
  }
  const jobs = input.jobs ?? Math.min(threadCountOf(0), trials)
  const params = {
    seed: input.seed,
    ...(earlyStoppingRounds > 0 && { early_stopping_rounds: earlyStoppingRounds, n_estimators: TREES_MAX }),
    ...given,
    n_jobs: Math.max(1, Math.floor(threadCountOf(0) / jobs)),
  }
  parseParams(params)
  return { distributions, params, folds, holdout, jobs, ...measured(input.metric) }
}

/** What is improved, and what early stopping watches. */
function measured(metric: MetricName | Metric = 'auprc'): {
  readonly metric: Metric
  readonly watched: MetricName
  readonly isWatched: boolean
} {
  if (typeof metric === 'object') return { metric, watched: 'auprc', isWatched: false }
  return { metric: metricOf(metric), watched: metric, isWatched: true }
}

interface Search extends ReturnType<typeof settingsOf> {
  readonly parts: ReturnType<typeof cutFolds>
  readonly study: StoredStudy
  readonly workers: TrialWorkers
}

async function search(input: TuneInput, on: Search): Promise<void> {
  const { trials, timeout, signal, onTrial, onStopHint } = input
  const { study, jobs } = on
  await study.enqueueTrial(defaultsWithin(on.distributions), { skipIfExists: true })
  const bestValue = () => bestOf(study)?.value
  let isHinted = false
  const stop = () => study.stop()
  const optimized = study.optimize(objectiveOf({ ...on, bestValue }), {
    // trials that fail do not count for the study, but for this call
    nTrials: trials,
    totalTrials: trials,
    nJobs: jobs,
    ...(timeout !== undefined && { timeout }),
    catch: [Error],
    callbacks: [
      () => {
        const done = study.trials.filter(hasEnded).length
        onTrial?.(done, trials, bestValue())
        if (signal?.aborted) return study.stop()
        if (isHinted || !onStopHint || done > HINTED_TRIALS || !isFurtherGainUnlikely(study)) return
        isHinted = true
        onStopHint(done)
      },
    ],
  })
  // trials of others may be waited for, which no callback ends
  signal?.addEventListener('abort', stop)
  await optimized.finally(() => signal?.removeEventListener('abort', stop))
  if (bestOf(study) || signal?.aborted) return
  const reason = study.trials.find((trial) => trial.failure !== null)?.failure ?? 'none was started'
  throw new FdsError('TRIALS_FAILED', { trials: study.trials.length, reason })
}

function hasEnded({ state }: FrozenTrial): boolean {
  return state !== 'WAITING' && state !== 'RUNNING'
}

/** The best trial's value, and its parameters with the number of trees; undefined where none is complete. */
function bestOf(
  study: StoredStudy,
): { readonly params: Readonly<Record<string, number>>; readonly value: number } | undefined {
  if (!study.trials.some((trial) => trial.state === 'COMPLETE')) return undefined
  const { params, value, userAttrs } = study.bestTrial
  const trees = userAttrs[TREES] as number
  return { params: { ...(params as Record<string, number>), n_estimators: trees }, value: value! }
}

function resultOf(study: StoredStudy) {
  const best = bestOf(study)!
  return {
    best_params: best.params,
    best_value: best.value,
    best_trial: study.bestTrial.number,
    trials: study.trials.map(tunedTrial),
  }
}

function tunedTrial({ number, params, value, state, userAttrs }: FrozenTrial): TunedTrial {
  const [trees, grown] = [userAttrs[TREES], userAttrs[TREES_GROWN]]
  const told = typeof trees === 'number' && typeof grown === 'number'
  return { number, params, value, state, ...(told && { trees, trees_grown: grown }) }
}

function stoppedError(study: StoredStudy, { runId, trials }: { runId: string; trials: number }): FdsError {
  const done = study.trials.filter(({ state }) => state === 'COMPLETE' || state === 'PRUNED').length
  const best = bestOf(study)
  const text = best ? `best value ${best.value}` : 'none complete'
  return new FdsError('TUNING_STOPPED', { study: runId, done, trials, best: text })
}
