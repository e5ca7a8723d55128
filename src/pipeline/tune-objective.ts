import { type Distribution, type Objective, type Trial, TrialPruned } from '../tuning/index.ts'
import type { TrialWorkers } from './trial-workers.ts'
import type { Fold } from './tune-folds.ts'
import type { Metric } from './tune-metric.ts'

/** The attribute of a trial that holds the number of trees it found. */
export const TREES = 'n_estimators'

export interface ObjectiveInput {
  readonly distributions: Readonly<Record<string, Distribution>>
  /** What all trials share. */
  readonly params: Readonly<Record<string, unknown>>
  readonly metric: Metric
  readonly parts: readonly Fold[]
  readonly workers: TrialWorkers
}

/**
 * The objective of a study: the mean of the metric over the folds, one after another, each reported; between them the
 * pruner may end the trial. The mean number of trees is kept with the trial.
 */
export function objectiveOf({ distributions, params, metric, parts, workers }: ObjectiveInput): Objective {
  return async (trial) => {
    const chosen = { ...params, ...suggest(trial, distributions) }
    let sum = 0
    let trees = 0
    for (const [fold, { validation }] of parts.entries()) {
      const measured = await workers.measure({ fold, params: chosen })
      const { scores } = measured
      const value = scores ? metric.measure(validation.y, scores) : measured.value
      sum += value
      trees += measured.trees
      trial.report(value, fold)
      if (fold + 1 < parts.length && trial.shouldPrune()) throw new TrialPruned()
    }
    trial.setUserAttr(TREES, Math.round(trees / parts.length))
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
