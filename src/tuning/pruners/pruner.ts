import type { StudyView } from '../samplers/sampler.ts'
import type { FrozenTrial } from '../study/trial.ts'

/** Decides, after each report, whether a running trial is worth finishing. An implementer keeps no state. */
export interface Pruner {
  shouldPrune(input: { readonly study: StudyView; readonly trial: FrozenTrial }): boolean
}

/** Lets every trial finish. */
export class NopPruner implements Pruner {
  shouldPrune(): boolean {
    return false
  }
}

/** The last step the trial has reported, or undefined. */
export function lastStepOf(trial: FrozenTrial): number | undefined {
  const steps = Object.keys(trial.intermediateValues)
  return steps.length === 0 ? undefined : Math.max(...steps.map(Number))
}
