import { lastStepOf } from '../pruners/pruner.ts'
import type { FrozenTrial } from '../study/trial.ts'
import type { Direction } from './sampler.ts'

/**
 * Parts the trials that count into the best and the rest, each in the order of numbers. Best are the first tenth
 * (rounded up, at most 25) of the ended trials: completed by value, then pruned by how far they came and what
 * they reported last. Running trials count among the rest, so that no two workers take the same point.
 */
export function splitTrials(trials: readonly FrozenTrial[], direction: Direction): TrialSplit {
  const sign = direction === 'minimize' ? 1 : -1
  const completed = trials.filter((trial) => trial.state === 'COMPLETE')
  const pruned = trials.filter((trial) => trial.state === 'PRUNED')
  const running = trials.filter((trial) => trial.state === 'RUNNING')
  const ranked = [
    ...completed.sort((a, b) => compare(sign * a.value!, sign * b.value!)),
    ...pruned
      .map((trial) => ({ trial, rank: prunedRank(trial, sign) }))
      .sort((a, b) => compare(a.rank[0], b.rank[0]) || compare(a.rank[1], b.rank[1]))
      .map(({ trial }) => trial),
  ]
  const bestCount = Math.min(Math.ceil(0.1 * ranked.length), 25)
  const byNumber = (a: FrozenTrial, b: FrozenTrial): number => a.number - b.number
  return {
    best: ranked.slice(0, bestCount).sort(byNumber),
    rest: [...ranked.slice(bestCount), ...running].sort(byNumber),
  }
}

export interface TrialSplit {
  readonly best: readonly FrozenTrial[]
  readonly rest: readonly FrozenTrial[]
}

function prunedRank(trial: FrozenTrial, sign: number): readonly [number, number] {
  const step = lastStepOf(trial)
  if (step === undefined) return [1, 0]
  const value = trial.intermediateValues[step]!
  return [-step, Number.isNaN(value) ? Number.POSITIVE_INFINITY : sign * value]
}

/** Also for infinities, whose difference is NaN. */
function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0
}
