import { numpyArgsort } from '../../math/numpy-argsort.ts'
import { pairwiseSum } from '../../math/pairwise-sum.ts'
import { logNormalMass } from '../../math/truncated-normal.ts'
import type { CategoricalDistribution, NumericalDistribution } from '../study/distribution.ts'
import type { Arena } from './arena.ts'
import type { Sorted } from './sorted-numbers.ts'

/** One number's density in each kernel of a mixture: one kernel an observation, the prior last. */
export interface NumericalKernels {
  readonly distribution: NumericalDistribution
  /** The range with half a step more at both ends, on the scale of the centres: logarithms where it is `log`. */
  readonly low: number
  readonly high: number
  readonly centres: Float64Array
  readonly widths: Float64Array
  /** What the logarithm of a kernel's density loses: that of its mass in the range and, without a step, of width · √2π. */
  readonly penalties: Float64Array
  /** Positions in order of the centres; the prior is not among them. */
  readonly order: Int32Array
}

/** One choice's probability in each kernel: a kernel prefers the choice it observed, the prior none. */
export interface CategoricalKernels {
  readonly distribution: CategoricalDistribution
  readonly observed: Int32Array
  /** For each observed choice: its probability in such a kernel, and that of each other choice. */
  readonly own: Float64Array
  readonly other: Float64Array
  readonly prior: number
}

/** What a suggestion finds of the one before, where there are many kernels. */
export interface Known {
  readonly sorted: Sorted
  readonly memory: PenaltyMemory
  readonly arena: Arena
}

/** Penalties, for the widths they were computed with. */
export interface PenaltyMemory {
  low: number
  high: number
  /** By trial number; NaN where nothing is known. */
  widths: Float64Array
  penalties: Float64Array
}

/**
 * Normal kernels truncated to the range, in the logarithm where the distribution says so; probability masses of
 * the cells x ± step/2 where it has a step. A kernel is as wide as the larger gap to its neighbours, clipped to
 * [range / min(100, kernels + 1), range]; the prior is centred and as wide as the range. Optuna 5's rule. `centres`
 * holds the observed values on the kernels' scale and has a last place for the prior's, which is filled in.
 */
export function numericalKernels(
  distribution: NumericalDistribution,
  centres: Float64Array,
  known?: Known & { readonly numbers: Int32Array },
): NumericalKernels {
  const { low, high } = scaledRange(distribution)
  const count = centres.length - 1
  centres[count] = 0.5 * (low + high)
  const sorted = known?.sorted ?? sortedAsNumpy(centres.subarray(0, count))
  const take = (length: number): Float64Array => known?.arena.take(length) ?? new Float64Array(length)
  const widths = kernelWidths(sorted, { low, high }, take(count + 1))
  const penaltyOf = (k: number): number => {
    const [centre, width] = [centres[k]!, widths[k]!]
    const logMass = logNormalMass((low - centre) / width, (high - centre) / width)
    return distribution.step === null ? logMass + Math.log(width) + LOG_SQRT_2PI : logMass
  }
  const penalties = take(count + 1)
  if (known) recall(penalties, { ...known, low, high, widths, penaltyOf })
  else for (let k = 0; k < count; k++) penalties[k] = penaltyOf(k)
  penalties[count] = penaltyOf(count)
  return { distribution, low, high, centres, widths, penalties, order: sorted.order }
}

/** Fills in the penalties; those of kernels whose width has changed are computed again. */
function recall(
  penalties: Float64Array,
  input: {
    readonly low: number
    readonly high: number
    readonly widths: Float64Array
    readonly numbers: Int32Array
    readonly memory: PenaltyMemory
    readonly penaltyOf: (k: number) => number
  },
): void {
  const { low, high, widths, numbers, memory, penaltyOf } = input
  if (memory.low !== low || memory.high !== high) memory.widths.fill(Number.NaN)
  memory.low = low
  memory.high = high
  for (let k = 0; k < numbers.length; k++) {
    const number = numbers[k]!
    if (memory.widths[number] !== widths[k]) {
      memory.widths[number] = widths[k]!
      memory.penalties[number] = penaltyOf(k)
    }
    penalties[k] = memory.penalties[number]!
  }
}

/**
 * The rows of Optuna's table of kernels × choices, of which only as many differ as there are choices. `observed` has a
 * last place more, for the prior.
 */
export function categoricalKernels(
  distribution: CategoricalDistribution,
  observed: Float64Array,
): CategoricalKernels {
  const choices = distribution.choices.length
  const kernels = observed.length
  const row = new Float64Array(choices).fill(1 / kernels)
  const prior = 1 / kernels / pairwiseSum(row, choices)
  const own = new Float64Array(choices)
  const other = new Float64Array(choices)
  for (let choice = 0; choice < choices; choice++) {
    row[choice] = 1 + 1 / kernels
    const sum = pairwiseSum(row, choices)
    row[choice] = 1 / kernels
    own[choice] = (1 + 1 / kernels) / sum
    other[choice] = 1 / kernels / sum
  }
  return { distribution, observed: Int32Array.from(observed.subarray(0, kernels - 1)), own, other, prior }
}

function scaledRange({ low, high, log, step }: NumericalDistribution): { low: number; high: number } {
  const half = (step ?? 0) / 2
  if (log) return { low: Math.log(low - half), high: Math.log(high + half) }
  return { low: low - half, high: high + half }
}

function sortedAsNumpy(values: Float64Array): Sorted {
  const order = numpyArgsort(values)
  return { order, values: Float64Array.from(order, (k) => values[k]!) }
}

/** Each centre's larger gap to its neighbours and the range's ends; the outermost of several look inward only. */
function kernelWidths(
  { order, values }: Sorted,
  { low, high }: { readonly low: number; readonly high: number },
  widths: Float64Array,
): Float64Array {
  const count = order.length
  const least = (high - low) / Math.min(100, count + 2)
  widths[count] = high - low
  for (let rank = 0; rank < count; rank++) {
    const before = values[rank]! - (rank === 0 ? low : values[rank - 1]!)
    const after = (rank === count - 1 ? high : values[rank + 1]!) - values[rank]!
    let gap = Math.max(before, after)
    if (count > 1 && rank === 0) gap = after
    if (count > 1 && rank === count - 1) gap = before
    widths[order[rank]!] = Math.min(Math.max(gap, least), high - low)
  }
  return widths
}

const LOG_SQRT_2PI = 0.5 * Math.log(2 * Math.PI)
