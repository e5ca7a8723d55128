import { NETWORK_SIZE } from '../../math/numpy-argsort.ts'
import { type Params, toInternal } from '../study/distribution.ts'
import type { FrozenTrial } from '../study/trial.ts'
import { Arena } from './arena.ts'
import type { Known, PenaltyMemory } from './kernels.ts'
import type { StudyView } from './sampler.ts'
import type { SearchSpace } from './search-space.ts'
import { SortedNumbers } from './sorted-numbers.ts'

/** One side of the split, oldest trial first. */
export interface Points {
  readonly numbers: Int32Array
  /** For each parameter the trials' values, and one place more, for the prior's. */
  readonly values: readonly Float64Array[]
  /** Where there are many trials, what is kept from suggestion to suggestion, for each parameter. */
  readonly known?: readonly Known[]
}

/**
 * The values of a study's trials in the parameters of one space, kept from suggestion to suggestion. Numbers with a
 * logarithmic scale are kept as logarithms, choices as their indices. A trial without all of the parameters does
 * not count.
 */
export class Observations {
  readonly #space: SearchSpace
  readonly #columns: Float64Array[]
  readonly #sorted: readonly SortedNumbers[]
  readonly #memories: readonly PenaltyMemory[]
  /** By trial number, 1 where the trial counts. */
  #counts = new Uint8Array(0)
  #taken = 0
  #running: readonly number[] = []
  readonly #arena = new Arena()

  constructor(space: SearchSpace) {
    this.#space = space
    this.#columns = space.map(() => new Float64Array(0))
    this.#sorted = space.map(() => new SortedNumbers())
    this.#memories = space.map(() => ({
      low: Number.NaN,
      high: Number.NaN,
      widths: new Float64Array(0),
      penalties: new Float64Array(0),
    }))
  }

  /** Takes in the trials that have ended since the last call, and for this time alone those that run. */
  update(input: {
    readonly study: StudyView
    readonly ended: readonly number[]
    readonly running: readonly FrozenTrial[]
  }): void {
    const { study, ended, running } = input
    this.#reserve(study.trials.length)
    for (const number of this.#running) this.#counts[number] = 0
    for (; this.#taken < ended.length; this.#taken++) {
      const trial = study.trials[ended[this.#taken]!]!
      this.#take(trial.number, trial.params)
    }
    // a running trial counts with what it has suggested and, for the rest, with what is planned for it
    for (const { number, planned, params } of running) this.#take(number, { ...planned, ...params })
    this.#running = running.map(({ number }) => number)
  }

  /**
   * Parts the trials that count into the best and the rest. Cost O(trials × parameters). What it gives is overwritten
   * by the next call.
   */
  split(bestNumbers: ReadonlySet<number>): { best: Points; rest: Points } {
    this.#arena.reset()
    const [chosen, others]: [number[], number[]] = [[], []]
    this.#counts.forEach((counts, number) => {
      if (counts === 1) (bestNumbers.has(number) ? chosen : others).push(number)
    })
    const best = this.#pointsOf(Int32Array.from(chosen))
    const numbers = Int32Array.from(others)
    const rest = this.#pointsOf(numbers)
    // up to this size ties are in NumPy's order, which depends on all of the values
    if (numbers.length <= NETWORK_SIZE) return { best, rest }
    const positions = new Int32Array(this.#counts.length).fill(-1)
    for (let k = 0; k < numbers.length; k++) positions[numbers[k]!] = k
    const known = this.#memories.map((memory, d) => {
      return {
        memory,
        arena: this.#arena,
        sorted: this.#sorted[d]!.sort(numbers, positions, this.#columns[d]!),
      }
    })
    return { best, rest: { ...rest, known } }
  }

  #pointsOf(numbers: Int32Array): Points {
    return { numbers, values: this.#columns.map((column) => this.#gather(column, numbers)) }
  }

  #gather(column: Float64Array, numbers: Int32Array): Float64Array {
    const values = this.#arena.take(numbers.length + 1)
    for (let k = 0; k < numbers.length; k++) values[k] = column[numbers[k]!]!
    return values
  }

  #take(number: number, params: Params): void {
    if (!this.#space.every(([name]) => Object.hasOwn(params, name))) return
    this.#space.forEach(([name, distribution], d) => {
      const value = toInternal(distribution, params[name]!)
      const isLog = distribution.kind !== 'categorical' && distribution.log
      this.#columns[d]![number] = isLog ? Math.log(value) : value
      this.#memories[d]!.widths[number] = Number.NaN
    })
    this.#counts[number] = 1
  }

  #reserve(count: number): void {
    if (count <= this.#counts.length) return
    const size = Math.max(64, 2 * count)
    const counts = new Uint8Array(size)
    counts.set(this.#counts)
    this.#counts = counts
    this.#memories.forEach((memory, d) => {
      this.#columns[d] = grown(this.#columns[d]!, size)
      memory.widths = grown(memory.widths, size)
      memory.penalties = grown(memory.penalties, size)
    })
  }
}

/** A longer copy; NaN where there was nothing. */
function grown(values: Float64Array, size: number): Float64Array {
  const longer = new Float64Array(size).fill(Number.NaN)
  longer.set(values)
  return longer
}
