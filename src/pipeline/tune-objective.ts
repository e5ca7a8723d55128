import { type Distribution, type Objective, type Trial, TrialPruned } from '../tuning/index.ts'
import type { TrialWorkers } from './trial-workers.ts'
import type { Fold } from './tune-folds.ts'
import type { Metric } from './tune-metric.ts'

/** The attributes of a trial that hold how many trees were best and how many were grown, means of the folds. */
export const TREES = 'trees'
export const TREES_GROWN = 'trees_grown'

export interface ObjectiveInput {
  readonly distributions: Readonly<Record<string, Distribution>>
  /** What all trials share. */
  readonly params: Readonly<Record<string, unknown>>
  readonly metric: Metric
  /** Whether early stopping watches this metric. */
  readonly isWatched: boolean
  readonly parts: readonly Fold[]
  readonly workers: TrialWorkers
  /** The study's best value so far, if there is one. */
  readonly bestValue: () => number | undefined
}

/**
 * The objective of a study: the mean of the metric over the folds, one after another. Each of several is reported, and
 * between them the pruner may end the trial. With one fold, growing ends where the study's best value is out of reach, and
 * the best value up to there counts. The mean number of trees is kept with the trial.
 */
export function objectiveOf(input: ObjectiveInput): Objective {
  const { distributions, params, metric, isWatched, parts, workers } = input
  return async (trial) => {
    const chosen = { ...params, ...suggest(trial, distributions) }
    // a metric of one's own is not what the threads watch
    const rival = parts.length === 1 && isWatched ? input.bestValue() : undefined
    let sum = 0
    let trees = 0
    let grown = 0
    for (const [fold, { validation }] of parts.entries()) {
      const measured = await workers.measure({ fold, params: chosen, rival })
      const { scores } = measured
      const value = scores ? metric.measure(validation.y, scores) : measured.value
      sum += value
      trees += measured.trees
      grown += measured.grown
      if (parts.length > 1) trial.report(value, fold)
      if (fold + 1 < parts.length && trial.shouldPrune()) throw new TrialPruned()
    }
    trial.setUserAttr(TREES, Math.round(trees / parts.length))
    trial.setUserAttr(TREES_GROWN, Math.round(grown / parts.length))
    return sum / parts.length
  }
}

function suggest(
  trial: Trial,
  distributions: Readonly<Record<string, Distribution>>,
): Record<string, unknown> {
  const values = Object.entries(distributions).map(([name, distribution]) => {
    if (distribution.kind === 'categorical')
      return [name, trial.suggestCategorical(name, distribution.choices)]
    const { low, high, log } = distribution
    if (distribution.kind === 'int') return [name, trial.suggestInt(name, low, high, { log })]
    return [name, trial.suggestFloat(name, low, high, { log })]
  })
  return Object.fromEntries(values)
}
