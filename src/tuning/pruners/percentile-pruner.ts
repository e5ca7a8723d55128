import type { Direction, StudyView } from '../samplers/sampler.ts'
import type { FrozenTrial } from '../study/trial.ts'
import { atLeast, within } from './at-least.ts'
import { bestOf, lastStepOf, type Pruner } from './pruner.ts'

export interface PercentilePrunerOptions {
  /** Nothing is pruned before so many trials are complete; default 5. */
  readonly nStartupTrials?: number
  /** Nothing is pruned before this step; default 0. */
  readonly nWarmupSteps?: number
  /** Steps between checks, counted from `nWarmupSteps`; a check without a report waits for the next. Default 1. */
  readonly intervalSteps?: number
  /** Nothing is pruned at a step that fewer completed trials have reported; default 1. */
  readonly nMinTrials?: number
}

/**
 * Keeps the best `percentile` per cent: prunes a trial whose best value so far is worse than that percentile of what
 * the completed trials reported at the same step; Optuna's rule. A trial that reported only NaN is pruned; NaN of
 * others is left out, and a percentile between two infinities of other sign keeps the trial.
 *
 * PARAM_INVALID for a percentile outside [0, 100], a negative count, and an interval or `nMinTrials` below 1.
 * Cost O(trials + steps) a check.
 *
 * @example
 * new PercentilePruner(25, { nWarmupSteps: 3 }).nStartupTrials // 5
 */
export class PercentilePruner implements Pruner {
  readonly percentile: number
  readonly nStartupTrials: number
  readonly nWarmupSteps: number
  readonly intervalSteps: number
  readonly nMinTrials: number

  constructor(percentile: number, options: PercentilePrunerOptions = {}) {
    this.percentile = within(0, 100, 'percentile', percentile)
    this.nStartupTrials = atLeast(0, 'nStartupTrials', options.nStartupTrials ?? 5)
    this.nWarmupSteps = atLeast(0, 'nWarmupSteps', options.nWarmupSteps ?? 0)
    this.intervalSteps = atLeast(1, 'intervalSteps', options.intervalSteps ?? 1)
    this.nMinTrials = atLeast(1, 'nMinTrials', options.nMinTrials ?? 1)
  }

  shouldPrune({ study, trial }: { study: StudyView; trial: FrozenTrial }): boolean {
    const step = lastStepOf(trial)
    if (step === undefined || step < this.nWarmupSteps || !this.#isCheckStep(trial, step)) return false
    const completed = study.trials.filter((other) => other.state === 'COMPLETE')
    if (completed.length === 0 || completed.length < this.nStartupTrials) return false
    const best = bestOf(Object.values(trial.intermediateValues), study.direction)
    if (Number.isNaN(best)) return true
    const limit = this.#limit(completed, step, study.direction)
    return study.direction === 'minimize' ? best > limit : best < limit
  }

  /** Whether this is the trial's first report since the last step at which a check was due. */
  #isCheckStep(trial: FrozenTrial, step: number): boolean {
    const { nWarmupSteps, intervalSteps } = this
    const due = Math.floor((step - nWarmupSteps) / intervalSteps) * intervalSteps + nWarmupSteps
    const earlier = Object.keys(trial.intermediateValues).map(Number)
    return earlier.every((other) => other === step || other < due)
  }

  /** NaN where too few trials have reached the step. */
  #limit(completed: readonly FrozenTrial[], step: number, direction: Direction): number {
    const reported = completed
      .map((other) => other.intermediateValues[step])
      .filter((value) => value !== undefined)
    if (reported.length < this.nMinTrials) return Number.NaN
    return percentileOf(reported, direction === 'minimize' ? this.percentile : 100 - this.percentile)
  }
}

/** NumPy's `nanpercentile` to the last bit, NaN between infinities included. */
function percentileOf(values: readonly number[], percentile: number): number {
  const sorted = Float64Array.from(values.filter((value) => !Number.isNaN(value))).sort()
  const last = sorted.length - 1
  if (last < 0) return Number.NaN
  const at = last * (percentile / 100)
  const below = sorted[Math.min(Math.floor(at), last)]!
  const above = sorted[Math.min(Math.floor(at) + 1, last)]!
  const share = at - Math.floor(at)
  const gap = above - below
  return share < 0.5 ? below + gap * share : above - gap * (1 - share)
}
