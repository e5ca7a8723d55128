import { lastStepOf } from '../pruners/pruner.ts'
import type { FrozenTrial } from '../study/trial.ts'
import { Observations, type Points } from './observations.ts'
import type { Direction, StudyView } from './sampler.ts'
import { CommonSpace, GroupedSpace, type SearchSpace } from './search-space.ts'

/** How many trials at most count as the best. */
const MOST_BEST = 25

/**
 * What the TPE sampler remembers of a study, so that a suggestion reads new trials alone: which trials have ended,
 * which may still, and the first 25 of the completed and of the pruned ones. It relies on what a study promises: a
 * trial keeps its number, and one that has ended never changes.
 */
export class TrialHistory {
  /** Numbers of the trials that completed or were pruned, in the order in which this object saw them. */
  readonly ended: number[] = []
  #open: number[] = []
  #seen = 0
  readonly #completed: Ranked[] = []
  readonly #pruned: Ranked[] = []
  readonly #space: CommonSpace | GroupedSpace
  #inSpace = 0
  readonly #observations = new Map<string, Observations>()

  /** `group` parts conditional parameters into spaces; without it there is the common space alone. */
  constructor({ group }: { readonly group: boolean }) {
    this.#space = group ? new GroupedSpace() : new CommonSpace()
  }

  /** Takes in what has happened since the last call. Cost O(new and running trials). */
  refresh({ trials, direction }: StudyView): void {
    for (; this.#seen < trials.length; this.#seen++) this.#open.push(this.#seen)
    const open: number[] = []
    for (const number of this.#open) {
      const trial = trials[number]!
      if (trial.state === 'COMPLETE' || trial.state === 'PRUNED') this.#end(trial, direction)
      else if (trial.state !== 'FAIL') open.push(number)
    }
    this.#open = open
  }

  /** The spaces whose parameters are chosen together. */
  spaces({ trials }: StudyView): readonly SearchSpace[] {
    const fresh = this.ended.slice(this.#inSpace).sort((a, b) => a - b)
    this.#inSpace = this.ended.length
    for (const number of fresh) this.#space.add(trials[number]!.distributions)
    return this.#space.spaces
  }

  /**
   * The values in the space of the best trials and of the rest. Running ones, all but `trial`, are among the rest.
   * Cost O(trials × parameters).
   */
  split(input: { readonly study: StudyView; readonly trial: FrozenTrial; readonly space: SearchSpace }): {
    readonly best: Points
    readonly rest: Points
  } {
    const { study, trial, space } = input
    const running = this.#open
      .map((number) => study.trials[number]!)
      .filter(({ state, number }) => state === 'RUNNING' && number !== trial.number)
    const key = JSON.stringify(space.map(([name]) => name))
    const observations = this.#observations.get(key) ?? new Observations(space)
    this.#observations.set(key, observations)
    observations.update({ study, ended: this.ended, running })
    return observations.split(this.#best())
  }

  /**
   * Numbers of the best tenth of the ended trials (rounded up, at most 25): completed ones by value, then pruned
   * ones by how far they came and what they reported last; of equals the lower number.
   */
  #best(): ReadonlySet<number> {
    const count = Math.min(Math.ceil(0.1 * this.ended.length), MOST_BEST)
    const completed = this.#completed.slice(0, count)
    const pruned = this.#pruned.slice(0, count - completed.length)
    return new Set([...completed, ...pruned].map(([, , number]) => number))
  }

  #end(trial: FrozenTrial, direction: Direction): void {
    const sign = direction === 'minimize' ? 1 : -1
    this.ended.push(trial.number)
    if (trial.state === 'COMPLETE') insert(this.#completed, [sign * trial.value!, 0, trial.number])
    else insert(this.#pruned, prunedRank(trial, sign))
  }
}

/** Two keys, the second for equals of the first, and the trial's number. */
type Ranked = readonly [first: number, second: number, number: number]

/** Keeps the first 25 in order. Differences would be NaN for two infinities, so keys are only compared. */
function insert(ranked: Ranked[], trial: Ranked): void {
  const at = ranked.findIndex((other) => isBefore(trial, other))
  ranked.splice(at < 0 ? ranked.length : at, 0, trial)
  if (ranked.length > MOST_BEST) ranked.pop()
}

function isBefore(a: Ranked, b: Ranked): boolean {
  if (a[0] !== b[0]) return a[0] < b[0]
  return a[1] === b[1] ? a[2] < b[2] : a[1] < b[1]
}

function prunedRank(trial: FrozenTrial, sign: number): Ranked {
  const step = lastStepOf(trial)
  if (step === undefined) return [1, 0, trial.number]
  const value = trial.intermediateValues[step]!
  return [-step, Number.isNaN(value) ? Number.POSITIVE_INFINITY : sign * value, trial.number]
}
