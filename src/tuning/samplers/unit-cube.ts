import type { Axis } from '../gaussian-process/maximize-acquisition.ts'
import {
  type Distribution,
  fromInternal,
  type NumericalDistribution,
  type Params,
  toInternal,
} from '../study/distribution.ts'
import { onStep } from './random-sampler.ts'
import type { SearchSpace } from './search-space.ts'

/** Up to so many values of a coordinate are tried one by one. */
const FEW = 16

/**
 * A search space as the unit cube: each range from 0 to 1, in its logarithm where it has one, half a step wider on
 * both sides where it has a step, as in Optuna; of a choice its index.
 */
export class UnitCube {
  readonly axes: readonly Axis[]
  readonly isCategorical: Uint8Array
  readonly #space: SearchSpace

  constructor(space: SearchSpace) {
    this.#space = space
    this.axes = space.map(([, distribution]) => axisOf(distribution))
    this.isCategorical = Uint8Array.from(space, ([, { kind }]) => Number(kind === 'categorical'))
  }

  /** Row after row. */
  pointsOf(list: readonly Params[]): Float64Array {
    const inside = list.flatMap((params) =>
      this.#space.map(([name, distribution]) => {
        const value = toInternal(distribution, params[name]!)
        return distribution.kind === 'categorical' ? value : unitOf(distribution, value)
      }),
    )
    return Float64Array.from(inside)
  }

  /** The inverse of `pointsOf` for one point; onto the grid where there is one. */
  paramsOf(point: Float64Array): Params {
    const chosen = this.#space.map(([name, distribution], d) => {
      const value = point[d]!
      const isNumber = distribution.kind !== 'categorical'
      return [name, isNumber ? parameterAt(distribution, value) : fromInternal(distribution, value)]
    })
    return Object.fromEntries(chosen)
  }
}

function axisOf(distribution: Distribution): Axis {
  if (distribution.kind === 'categorical') {
    const values = Float64Array.from(distribution.choices.keys())
    return { low: 0, high: values.length - 1, values, neighbours: null }
  }
  const { low, high, step } = distribution
  const [least, most] = [unitOf(distribution, low), unitOf(distribution, high)]
  if (step === null) return { low: least, high: most, values: null, neighbours: null }
  const last = Math.round((high - low) / step)
  const at = (k: number) => unitOf(distribution, low + Math.min(Math.max(k, 0), last) * step)
  const values = last < FEW ? Float64Array.from({ length: last + 1 }, (_, k) => at(k)) : null
  const neighbours = (unit: number) => {
    const k = (scaledBack(distribution, unit) - low) / step
    return [at(Math.floor(k)), at(Math.ceil(k))] as const
  }
  return { low: least, high: most, values, neighbours: values === null ? neighbours : null }
}

function unitOf(distribution: NumericalDistribution, value: number): number {
  const { from, to } = rangeOf(distribution)
  return ((distribution.log ? Math.log(value) : value) - from) / (to - from)
}

function scaledBack(distribution: NumericalDistribution, unit: number): number {
  const { from, to } = rangeOf(distribution)
  const value = from + unit * (to - from)
  return distribution.log ? Math.exp(value) : value
}

function parameterAt(distribution: NumericalDistribution, unit: number): number {
  return onStep(distribution, scaledBack(distribution, unit))
}

function rangeOf({ low, high, log, step }: NumericalDistribution): { from: number; to: number } {
  const half = (step ?? 0) / 2
  return log
    ? { from: Math.log(low - half), to: Math.log(high + half) }
    : { from: low - half, to: high + half }
}
