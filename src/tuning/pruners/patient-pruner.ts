import type { StudyView } from '../samplers/sampler.ts'
import type { FrozenTrial } from '../study/trial.ts'
import { atLeast, within } from './at-least.ts'
import { bestOf, type Pruner, stepsOf } from './pruner.ts'

/**
 * Lets another pruner judge a trial only after its best value has not improved, by more than `minDelta`, for
 * `patience` reports beyond the last improvement; with null in place of the pruner, such a trial is pruned
 * outright. Optuna's rule. NaN is left out; a trial that reported only NaN before or within the patience is kept.
 * PARAM_INVALID for a negative patience or `minDelta`. Cost O(steps log steps) and the other pruner's.
 *
 * @example
 * new PatientPruner(new MedianPruner(), 3).patience // 3
 */
export class PatientPruner implements Pruner {
  readonly wrapped: Pruner | null
  readonly patience: number
  readonly minDelta: number

  constructor(wrapped: Pruner | null, patience: number, minDelta = 0) {
    this.wrapped = wrapped
    this.patience = atLeast(0, 'patience', patience)
    this.minDelta = within(0, Number.POSITIVE_INFINITY, 'minDelta', minDelta)
  }

  shouldPrune({ study, trial }: { study: StudyView; trial: FrozenTrial }): boolean {
    const values = stepsOf(trial).map((step) => trial.intermediateValues[step]!)
    const recent = this.patience + 1
    if (values.length <= recent) return false
    const before = bestOf(values.slice(0, -recent), study.direction)
    const after = bestOf(values.slice(-recent), study.direction)
    const isStale =
      study.direction === 'minimize' ? before + this.minDelta < after : before - this.minDelta > after
    return isStale && (this.wrapped?.shouldPrune({ study, trial }) ?? true)
  }
}
