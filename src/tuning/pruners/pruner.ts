import type { Direction, StudyView } from '../samplers/sampler.ts'
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
  return stepsOf(trial).at(-1)
}

/** The steps the trial has reported, ascending. */
export function stepsOf(trial: FrozenTrial): number[] {
  return Object.keys(trial.intermediateValues)
    .map(Number)
    .sort((a, b) => a - b)
}

/** The best value that is not NaN; NaN where there is none. */
export function bestOf(values: readonly number[], direction: Direction): number {
  const known = values.filter((value) => !Number.isNaN(value))
  if (known.length === 0) return Number.NaN
  const better = direction === 'minimize' ? Math.min : Math.max
  return known.reduce((best, value) => better(best, value))
}
