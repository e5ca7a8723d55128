import { FdsError } from '../../errors.ts'
import type { Direction, StudyView } from '../samplers/sampler.ts'
import type { FrozenTrial } from '../study/trial.ts'
import { lastStepOf, type Pruner } from './pruner.ts'

/**
 * Prunes a trial whose best value so far is worse than the median of what the completed trials reported at the
 * same step; Optuna's rule. A trial that reported only NaN is pruned. Nothing is pruned before `nStartupTrials`
 * trials are complete, before step `nWarmupSteps`, or between checks, which come every `intervalSteps` steps.
 * PARAM_INVALID for a negative count or an interval below 1. Cost O(trials × steps) a check.
 *
 * @example
 * new MedianPruner({ nWarmupSteps: 3 }).nStartupTrials // 5
 */
export class MedianPruner implements Pruner {
  readonly nStartupTrials: number
  readonly nWarmupSteps: number
  readonly intervalSteps: number

  constructor(options: { nStartupTrials?: number; nWarmupSteps?: number; intervalSteps?: number } = {}) {
    this.nStartupTrials = atLeast(0, 'nStartupTrials', options.nStartupTrials ?? 5)
    this.nWarmupSteps = atLeast(0, 'nWarmupSteps', options.nWarmupSteps ?? 0)
    this.intervalSteps = atLeast(1, 'intervalSteps', options.intervalSteps ?? 1)
  }

  shouldPrune({ study, trial }: { study: StudyView; trial: FrozenTrial }): boolean {
    const step = lastStepOf(trial)
    if (step === undefined || step < this.nWarmupSteps || !this.#isCheckStep(trial, step)) return false
    const completed = study.trials.filter((other) => other.state === 'COMPLETE')
    if (completed.length === 0 || completed.length < this.nStartupTrials) return false
    const best = bestOf(Object.values(trial.intermediateValues), study.direction)
    if (Number.isNaN(best)) return true
    const median = medianOf(completed.map((other) => other.intermediateValues[step] ?? Number.NaN))
    return study.direction === 'minimize' ? best > median : best < median
  }

  /** Whether this is the trial's first report since the last step at which a check was due. */
  #isCheckStep(trial: FrozenTrial, step: number): boolean {
    const { nWarmupSteps, intervalSteps } = this
    const due = Math.floor((step - nWarmupSteps) / intervalSteps) * intervalSteps + nWarmupSteps
    const earlier = Object.keys(trial.intermediateValues).map(Number)
    return earlier.every((other) => other === step || other < due)
  }
}

function atLeast(least: number, name: string, value: number): number {
  if (Number.isInteger(value) && value >= least) return value
  throw new FdsError('PARAM_INVALID', { name, expected: `a whole number ≥ ${least}`, got: String(value) })
}

/** NaN where there is no other value. */
function bestOf(values: readonly number[], direction: Direction): number {
  const known = values.filter((value) => !Number.isNaN(value))
  if (known.length === 0) return Number.NaN
  return direction === 'minimize' ? Math.min(...known) : Math.max(...known)
}

/** The middle of the values that are not NaN; NaN where there are none. */
function medianOf(values: readonly number[]): number {
  const sorted = Float64Array.from(values.filter((value) => !Number.isNaN(value))).sort()
  if (sorted.length === 0) return Number.NaN
  const middle = (sorted.length - 1) / 2
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2
}
