import { accurateExp, accurateLog } from '../../math/accurate-exp.ts'
import { pairwiseSum } from '../../math/pairwise-sum.ts'
import { cellFactor, choiceFactor, type Factor } from './factors.ts'
import type { CategoricalKernels, NumericalKernels } from './kernels.ts'
import { BLOCK, SmoothPart } from './smooth-part.ts'

/** e^-50 of the largest term is below the rounding of a sum with up to 100,000 terms. */
const NEGLIGIBLE = 50

/**
 * ln Σ weight · Π density of a mixture of products at each point; `points` is by parameter. Terms that cannot
 * change the sum are left out. Up to 512 kernels the additions are in NumPy's order, so that points that tie here
 * tie there. Cost O(points × kernels × parameters).
 */
export function mixtureLogDensity(input: {
  readonly weights: Float64Array
  readonly kernels: readonly (CategoricalKernels | NumericalKernels)[]
  readonly points: readonly Float64Array[]
}): Float64Array {
  const terms = new Terms(input)
  const count = input.weights.length
  // candidates tie where no parameter is smooth: the last bit of a sum then decides which one is taken
  const sums = new LogSums(terms.size, { isAccurate: terms.smooth.isEmpty })
  for (let start = 0; start < count; start += BLOCK) {
    const length = Math.min(BLOCK, count - start)
    const smooth = terms.smooth.block(start, length)
    for (let i = 0; i < terms.size; i++) {
      const own = smooth.subarray(i * BLOCK, i * BLOCK + length)
      sums.add(i, terms.block({ start, length, i, smooth: own }), length)
    }
  }
  return sums.values
}

/** The logarithms that are summed: of each kernel's weighted density at each point. */
class Terms {
  readonly size: number
  readonly smooth: SmoothPart
  readonly #factors: readonly Factor[]
  /** The most that factor f and those after it can add. */
  readonly #slacks: readonly number[]
  readonly #logWeights: Float64Array
  /** Below this a term at the point does not count. */
  readonly #floors: Float64Array
  readonly #block = new Float64Array(BLOCK)

  constructor({ weights, kernels, points }: Parameters<typeof mixtureLogDensity>[0]) {
    const prior = weights.length - 1
    this.size = points[0]!.length
    this.smooth = new SmoothPart({ kernels, points, count: weights.length })
    this.#factors = kernels.flatMap((one, d) => {
      if ('observed' in one) return [choiceFactor(one, points[d]!)]
      return one.distribution.step === null ? [] : [cellFactor(one, points[d]!)]
    })
    this.#slacks = this.#factors.map((_, f) => {
      return this.#factors.slice(f).reduce((total, { most }) => total + most, 0)
    })
    this.#logWeights = weights.map(this.smooth.isEmpty ? accurateLog : Math.log)
    this.#floors = new Float64Array(this.size).fill(Number.NEGATIVE_INFINITY)
    // the prior covers the whole range: what is e^50 times smaller than its term does not count
    const priors = this.#floors.map((_, i) => {
      const smooth = Float64Array.of(this.smooth.at(prior, i))
      return this.block({ start: prior, length: 1, i, smooth })[0]!
    })
    for (let i = 0; i < this.size; i++) this.#floors[i] = priors[i]! - NEGLIGIBLE
  }

  /**
   * Those of kernels start, …, start + length − 1 at point i, whose smooth parts are known; −∞ where one does not
   * count. Overwritten by the next call.
   */
  block(input: { start: number; length: number; i: number; smooth: Float64Array }): Float64Array {
    const { start, length, i, smooth } = input
    const sums = this.#block.subarray(0, length).fill(0)
    const logWeights = this.#logWeights.subarray(start, start + length)
    this.#factors.forEach((factor, f) => {
      dropBelow(this.#floors[i]! - this.#slacks[f]!, sums, smooth, logWeights)
      factor.add(sums, input)
    })
    for (let j = 0; j < length; j++) sums[j] = sums[j]! + smooth[j]! + logWeights[j]!
    return sums
  }
}

/** Kernels whose terms cannot reach the limit do not count. */
function dropBelow(limit: number, sums: Float64Array, smooth: Float64Array, logWeights: Float64Array): void {
  for (let j = 0; j < sums.length; j++) {
    if (sums[j]! + smooth[j]! + logWeights[j]! < limit) sums[j] = Number.NEGATIVE_INFINITY
  }
}

/** ln Σ exp of terms that come in blocks, for several points. */
class LogSums {
  readonly #sums: Float64Array
  readonly #peaks: Float64Array
  readonly #exp: (x: number) => number
  readonly #log: (x: number) => number

  constructor(size: number, { isAccurate }: { readonly isAccurate: boolean }) {
    this.#exp = isAccurate ? accurateExp : Math.exp
    this.#log = isAccurate ? accurateLog : Math.log
    this.#sums = new Float64Array(size)
    this.#peaks = new Float64Array(size).fill(Number.NEGATIVE_INFINITY)
  }

  /** Adds the block's first `length` terms to point i; the block is overwritten. */
  add(i: number, block: Float64Array, length: number): void {
    let peak = Number.NEGATIVE_INFINITY
    for (let j = 0; j < length; j++) if (block[j]! > peak) peak = block[j]!
    if (peak === Number.NEGATIVE_INFINITY) return
    for (let j = 0; j < length; j++) {
      const term = block[j]! - peak
      block[j] = term < -NEGLIGIBLE ? 0 : this.#exp(term)
    }
    const sum = pairwiseSum(block, length)
    const least = this.#peaks[i]!
    const most = Math.max(peak, least)
    this.#sums[i] = this.#sums[i]! * Math.exp(least - most) + sum * Math.exp(peak - most)
    this.#peaks[i] = most
  }

  get values(): Float64Array {
    return this.#sums.map((sum, i) => this.#log(sum) + this.#peaks[i]!)
  }
}
