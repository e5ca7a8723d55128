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
  const block = new Float64Array(BLOCK)
  for (let start = 0; start < count; start += BLOCK) {
    const length = Math.min(BLOCK, count - start)
    const smooth = terms.smooth.block(start, length)
    for (let i = 0; i < terms.size; i++) {
      const from = i * BLOCK
      for (let j = 0; j < length; j++) block[j] = terms.of(start + j, i, smooth[from + j]!)
      sums.add(i, block, length)
    }
  }
  return sums.values
}

/** The logarithms that are summed: of each kernel's weighted density at each point. */
class Terms {
  readonly size: number
  readonly smooth: SmoothPart
  readonly #factors: readonly Factor[]
  readonly #logWeights: Float64Array
  readonly #slack: number
  /** Below this a term at the point does not count. */
  readonly #floors: Float64Array

  constructor({ weights, kernels, points }: Parameters<typeof mixtureLogDensity>[0]) {
    const prior = weights.length - 1
    this.size = points[0]!.length
    this.smooth = new SmoothPart({ kernels, points, count: weights.length })
    this.#factors = kernels.flatMap((one, d) => {
      if ('observed' in one) return [choiceFactor(one, points[d]!)]
      return one.distribution.step === null ? [] : [cellFactor(one, points[d]!)]
    })
    this.#logWeights = weights.map(this.smooth.isEmpty ? accurateLog : Math.log)
    this.#slack = this.#factors.reduce((sum, { most }) => sum + most, 0)
    this.#floors = new Float64Array(this.size).fill(Number.NEGATIVE_INFINITY)
    // the prior covers the whole range: what is e^50 times smaller than its term does not count
    const priors = this.#floors.map((_, i) => this.of(prior, i, this.smooth.at(prior, i)))
    this.#floors.set(priors.map((term) => term - NEGLIGIBLE))
  }

  /** Kernel k's at point i, where its smooth part is known; −∞ where it does not count. */
  of(k: number, i: number, smooth: number): number {
    const rest = smooth + this.#logWeights[k]!
    if (rest + this.#slack < this.#floors[i]!) return Number.NEGATIVE_INFINITY
    if (this.#factors.length === 0) return rest
    let sum = 0
    for (const factor of this.#factors) sum = factor.add(sum, k, i)
    return sum + smooth + this.#logWeights[k]!
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
