import { FdsError } from '../../errors.ts'
import { RandomState } from '../../math/random-state.ts'
import { type Distribution, type Params, type ParamValue, rangeText } from '../study/distribution.ts'
import type { FrozenTrial, TrialState } from '../study/trial.ts'
import type { Sampler, StudyView } from './sampler.ts'
import { wholeSeed } from './whole-number.ts'

/**
 * Tries every combination of the given values once, in an order that the seed decides: Optuna 5.0.0's for the same
 * seed, 0 unless given. `study.optimize` stops when every combination has been tried; a trial that failed counts
 * as tried. Trials beyond the grid, as several workers may ask for, repeat a combination that nobody has finished.
 *
 * PARAM_INVALID for a seed or a grid that cannot be, and, when a trial suggests it, for a parameter that the grid
 * lacks, for a value outside the parameter's distribution and for an enqueued trial that leaves a parameter out.
 * Memory O(combinations); a trial beyond the grid costs O(trials).
 *
 * @example
 * const grid = new GridSampler({ depth: [4, 8], rate: [0.1, 0.3] })
 * const study = createStudy({ sampler: grid })
 * await study.optimize((trial) => trial.suggestInt('depth', 1, 9) * trial.suggestFloat('rate', 0, 1))
 * study.trials.length // 4
 */
export class GridSampler implements Sampler {
  readonly #names: readonly string[]
  readonly #points: Params[]
  readonly #numbers = new Map<string, number>()
  readonly #random: RandomState

  constructor(
    searchSpace: Readonly<Record<string, readonly ParamValue[]>>,
    { seed = 0 }: { readonly seed?: number } = {},
  ) {
    this.#names = Object.keys(searchSpace).sort()
    this.#points = [{}]
    for (const name of this.#names) {
      const values = checkedValues(name, searchSpace[name]!)
      this.#points = this.#points.flatMap((point) => values.map((value) => ({ ...point, [name]: value })))
    }
    this.#random = new RandomState(wholeSeed(seed))
    this.#random.shuffle(this.#points)
    for (const [i, point] of this.#points.entries()) this.#numbers.set(this.#keyOf(point), i)
  }

  sampleRelative({ study, trial }: { study: StudyView; trial: FrozenTrial }): Params {
    if (Object.keys(trial.enqueued).length > 0) return {}
    return this.#points[trial.number] ?? this.#repeat(study)
  }

  /** Only where the grid has no value that fits: raises PARAM_INVALID. */
  sampleIndependent(input: { trial: FrozenTrial; name: string; distribution: Distribution }): never {
    const { trial, name, distribution } = input
    if (!this.#names.includes(name)) {
      refuse({
        name: 'searchSpace',
        expected: `given values for ${name}`,
        got: `values for ${this.#names.join(', ')}`,
      })
    }
    if (!Object.hasOwn(trial.planned, name)) {
      refuse({
        name,
        expected: 'given in an enqueued trial, which the grid does not complete',
        got: 'no value',
      })
    }
    refuse({ name, expected: rangeText(distribution), got: `${trial.planned[name]} from the grid` })
  }

  /** Whether every combination has been tried. */
  isExhausted({ study }: { readonly study: StudyView }): boolean {
    return study.trials.length >= this.#points.length && this.#open(study, ['RUNNING']).length === 0
  }

  /** A combination that no trial has taken; else one that no trial has finished; else any. */
  #repeat(study: StudyView): Params {
    const [untaken, unfinished] = [this.#open(study, []), this.#open(study, ['RUNNING'])]
    const open = [untaken, unfinished, [...this.#points.keys()]].find((list) => list.length > 0)!
    return this.#points[open[this.#random.randint(open.length)]!]!
  }

  /** The combinations that are taken by no trial at all, or only by trials in one of the states. */
  #open(study: StudyView, states: readonly TrialState[]): number[] {
    const closed = new Set<number | undefined>()
    for (const trial of study.trials) {
      if (trial.state !== 'WAITING' && !states.includes(trial.state)) closed.add(this.#pointOf(trial))
    }
    return [...this.#points.keys()].filter((point) => !closed.has(point))
  }

  /** Trials within the grid are known by their number, unless another sampler chose their values. */
  #pointOf({ number, enqueued, planned, params }: FrozenTrial): number | undefined {
    if (Object.keys(enqueued).length > 0) return undefined
    const own = this.#points[number]
    if (own && Object.keys(params).every((name) => params[name] === own[name])) return number
    return this.#numbers.get(this.#keyOf({ ...planned, ...params }))
  }

  #keyOf(params: Params): string {
    return JSON.stringify(this.#names.map((name) => params[name]))
  }
}

function checkedValues(name: string, values: readonly ParamValue[]): readonly ParamValue[] {
  const isGood = values.length > 0 && new Set(values).size === values.length
  if (isGood) return values
  refuse({ name, expected: 'given one or more values, all different', got: JSON.stringify(values) })
}

function refuse(fields: { readonly name: string; readonly expected: string; readonly got: string }): never {
  throw new FdsError('PARAM_INVALID', fields)
}
