import { signedRankPValue } from '../../math/signed-rank.ts'
import type { StudyView } from '../samplers/sampler.ts'
import type { FrozenTrial } from '../study/trial.ts'
import { atLeast, within } from './at-least.ts'
import { bestOf, type Pruner } from './pruner.ts'

/**
 * Prunes a trial that is worse than the best one, step by step, beyond chance: Wilcoxon's signed-rank test of the
 * differences at the steps that both reported gives p < `pThreshold`. For objectives that are means over steps, such
 * as the folds of a cross-validation: report each fold's own value, not the mean so far. A trial whose mean so far is
 * no worse than the best trial's is kept whatever p is; so is one with an infinite or NaN report, or beside a best
 * trial with one. Optuna's rule; the many tests of one trial are not corrected for.
 *
 * `nStartupSteps` common steps at least, and never fewer than 2, come before any pruning. PARAM_INVALID for a
 * threshold outside [0, 1] and a negative count. Cost O(trials + steps³) a check.
 *
 * @example
 * new WilcoxonPruner().pThreshold // 0.1
 */
export class WilcoxonPruner implements Pruner {
  readonly pThreshold: number
  readonly nStartupSteps: number

  constructor(options: { readonly pThreshold?: number; readonly nStartupSteps?: number } = {}) {
    this.pThreshold = within(0, 1, 'pThreshold', options.pThreshold ?? 0.1)
    this.nStartupSteps = atLeast(0, 'nStartupSteps', options.nStartupSteps ?? 2)
  }

  shouldPrune({ study, trial }: { study: StudyView; trial: FrozenTrial }): boolean {
    const best = bestTrialOf(study)
    if (best === undefined || !hasFiniteReports(trial) || !hasFiniteReports(best)) return false
    const differences = Object.entries(trial.intermediateValues)
      .filter(([step]) => Object.hasOwn(best.intermediateValues, step))
      .map(([step, value]) => value - best.intermediateValues[Number(step)]!)
    if (differences.length < Math.max(2, this.nStartupSteps)) return false
    const sign = study.direction === 'minimize' ? 1 : -1
    const isNoWorse = sign * meanReport(best) >= sign * meanReport(trial)
    if (isNoWorse) return false
    return signedRankPValue(differences, sign > 0 ? 'greater' : 'less') < this.pThreshold
  }
}

/** The first of the completed trials with the best value. */
function bestTrialOf(study: StudyView): FrozenTrial | undefined {
  const completed = study.trials.filter(({ state }) => state === 'COMPLETE')
  const best = bestOf(
    completed.map(({ value }) => value!),
    study.direction,
  )
  return completed.find(({ value }) => value === best)
}

function hasFiniteReports(trial: FrozenTrial): boolean {
  const values = Object.values(trial.intermediateValues)
  return values.length > 0 && values.every(Number.isFinite)
}

function meanReport(trial: FrozenTrial): number {
  const values = Object.values(trial.intermediateValues)
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
