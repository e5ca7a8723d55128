import { FdsError } from '../../errors.ts'
import type { Direction, StudyView } from '../samplers/sampler.ts'
import type { FrozenTrial } from '../study/trial.ts'
import { atLeast } from './at-least.ts'
import { type Pruner, stepsOf } from './pruner.ts'

export interface SuccessiveHalvingPrunerOptions {
  /** Steps before the first rung; 'auto', the default, takes a hundredth of the first completed trial's last step. */
  readonly minResource?: number | 'auto'
  /** One in so many is promoted; default 4. */
  readonly reductionFactor?: number
  /** Rungs left out at the start; default 0. */
  readonly minEarlyStoppingRate?: number
  /** Trials that a rung must hold before any is promoted; default 0. Needs a number as `minResource`. */
  readonly bootstrapCount?: number
}

/** What the study's earliest trials reached: the values at each rung, ascending, of the first `count` trials. */
interface Bracket {
  readonly first: number
  readonly rungs: number[][]
  count: number
}

/**
 * Asynchronous successive halving: a trial that reaches step minResource × reductionFactor^(minEarlyStoppingRate + k)
 * goes on only if its value there is among the best 1/reductionFactor of those that have reached rung k (among fewer
 * than that, if it is the best); Optuna's rule. NaN at a rung is pruned and does not compete. With 'auto' nothing is
 * pruned before a trial with reports is complete, and later trials alone compete.
 *
 * Optuna writes down each trial's rungs when it decides. Here they are worked out from the reports, as if each had
 * been followed by a decision and the trials had run one after another, so a study of one worker gives Optuna's
 * decisions, and any number of processes agree. Steps must ascend within a trial. PARAM_INVALID for a count that
 * cannot be. Cost O(rungs × trials + steps) a check while earlier trials have ended; one that never ends makes each check work
 * out all later ones again.
 *
 * @example
 * new SuccessiveHalvingPruner({ minResource: 1 }).reductionFactor // 4
 */
export class SuccessiveHalvingPruner implements Pruner {
  readonly minResource: number | 'auto'
  readonly reductionFactor: number
  readonly minEarlyStoppingRate: number
  readonly bootstrapCount: number
  /** Saves working out again what ended trials reached; ended trials never change. */
  readonly #brackets = new WeakMap<readonly FrozenTrial[], Bracket>()

  constructor(options: SuccessiveHalvingPrunerOptions = {}) {
    const { minResource = 'auto', bootstrapCount = 0 } = options
    this.minResource = minResource === 'auto' ? minResource : atLeast(1, 'minResource', minResource)
    this.reductionFactor = atLeast(2, 'reductionFactor', options.reductionFactor ?? 4)
    this.minEarlyStoppingRate = atLeast(0, 'minEarlyStoppingRate', options.minEarlyStoppingRate ?? 0)
    this.bootstrapCount = atLeast(0, 'bootstrapCount', bootstrapCount)
    if (minResource === 'auto' && bootstrapCount > 0) {
      const expected = "0 where `minResource` is 'auto'"
      throw new FdsError('PARAM_INVALID', { name: 'bootstrapCount', expected, got: String(bootstrapCount) })
    }
  }

  shouldPrune({ study, trial }: { study: StudyView; trial: FrozenTrial }): boolean {
    const start = this.#start(study.trials)
    if (start === undefined) return false
    const { direction, trials } = study
    const settled = this.#settled(study, start)
    const rungs = settled.rungs.map((values) => [...values])
    for (let i = settled.count; i < trials.length; i++) {
      if (i < start.first || trials[i]!.number === trial.number) continue
      this.#climb({ trial: trials[i]!, rungs, resource: start.resource, direction })
    }
    return this.#climb({ trial, rungs, resource: start.resource, direction })
  }

  /** The first rung's resource and the first trial that competes. */
  #start(trials: readonly FrozenTrial[]): { first: number; resource: number } | undefined {
    if (this.minResource !== 'auto') return { first: 0, resource: this.minResource }
    const index = trials.findIndex(
      ({ state, intermediateValues }) => state === 'COMPLETE' && Object.keys(intermediateValues).length > 0,
    )
    if (index < 0) return undefined
    const lastStep = stepsOf(trials[index]!).at(-1)!
    return { first: index + 1, resource: Math.max(Math.floor(lastStep / 100), 1) }
  }

  #settled({ trials, direction }: StudyView, start: { first: number; resource: number }): Bracket {
    let bracket = this.#brackets.get(trials)
    if (bracket?.first !== start.first) bracket = { first: start.first, rungs: [], count: start.first }
    this.#brackets.set(trials, bracket)
    const { rungs } = bracket
    for (; isEnded(trials[bracket.count]); bracket.count++) {
      this.#climb({ trial: trials[bracket.count]!, rungs, resource: start.resource, direction })
    }
    return bracket
  }

  /** Adds the trial's values to the rungs it reached; whether its last report would have ended it. */
  #climb(input: { trial: FrozenTrial; rungs: number[][]; resource: number; direction: Direction }): boolean {
    const { trial, rungs, resource, direction } = input
    let rung = 0
    let isPruned = false
    for (const step of stepsOf(trial)) {
      const value = trial.intermediateValues[step]!
      isPruned = false
      while (!isPruned && step >= resource * this.reductionFactor ** (this.minEarlyStoppingRate + rung)) {
        isPruned = Number.isNaN(value) || !this.#isPromoted(value, rungs[rung] ?? [], direction)
        if (Number.isNaN(value)) continue
        rungs[rung] ??= []
        rungs[rung]!.splice(countBelow(rungs[rung]!, value, false), 0, value)
        rung += 1
      }
    }
    return isPruned
  }

  #isPromoted(value: number, others: readonly number[], direction: Direction): boolean {
    const competing = others.length + 1
    if (competing <= this.bootstrapCount) return false
    const better =
      direction === 'minimize'
        ? countBelow(others, value, false)
        : others.length - countBelow(others, value, true)
    return better <= Math.max(Math.floor(competing / this.reductionFactor) - 1, 0)
  }
}

/** How many of the ascending values are below the limit, or also at it. */
function countBelow(values: readonly number[], limit: number, orAt: boolean): number {
  let [low, high] = [0, values.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    const isBelow = orAt ? values[middle]! <= limit : values[middle]! < limit
    if (isBelow) low = middle + 1
    else high = middle
  }
  return low
}

function isEnded(trial: FrozenTrial | undefined): boolean {
  return trial !== undefined && trial.state !== 'RUNNING' && trial.state !== 'WAITING'
}
