import { pairwiseSum } from '../../math/pairwise-sum.ts'
import type { RandomState } from '../../math/random-state.ts'
import { logNormalMass, truncatedNormalQuantile } from '../../math/truncated-normal.ts'
import {
  type CategoricalKernels,
  categoricalKernels,
  type NumericalKernels,
  numericalKernels,
} from './kernels.ts'
import { mixtureLogDensity } from './mixture-density.ts'
import type { Points } from './observations.ts'
import { onStep } from './random-sampler.ts'
import type { SearchSpace } from './search-space.ts'

export type Kernels = CategoricalKernels | NumericalKernels

/**
 * A density over a search space learnt from points: a mixture with one kernel a point and a prior kernel, each
 * kernel a product over the parameters. The newest 25 points weigh 1, as the prior does; of n older ones the
 * weights rise from 1/n to 1. Source: Bergstra et al. 2011, Watanabe 2023 (arXiv 2304.11127), as Optuna 5 has it.
 */
export class ParzenEstimator {
  readonly #weights: Float64Array
  readonly #kernels: readonly Kernels[]

  constructor(space: SearchSpace, { numbers, values, known }: Points) {
    this.#weights = kernelWeights(numbers.length)
    this.#kernels = space.map(([, distribution], d) =>
      distribution.kind === 'categorical'
        ? categoricalKernels(distribution, values[d]!)
        : numericalKernels(distribution, values[d]!, known && { numbers, ...known[d]! }),
    )
  }

  /**
   * Draws `count` points, given by parameter, a choice as its index. The order of draws is Optuna's: kernels, then
   * choices, then numbers.
   */
  sample(count: number, random: RandomState): readonly Float64Array[] {
    const chosen = random.choice(this.#weights, count)
    const choices = this.#kernels.map((kernels) =>
      'observed' in kernels ? sampleChoices(kernels, chosen, random) : null,
    )
    return this.#kernels.map((kernels, d) =>
      'observed' in kernels ? choices[d]! : sampleNumbers(kernels, chosen, random),
    )
  }

  /** ln density at each point. Cost O(points × kernels × parameters). */
  logDensity(points: readonly Float64Array[]): Float64Array {
    return mixtureLogDensity({ weights: this.#weights, kernels: this.#kernels, points })
  }
}

/** The weights of `count` points and the prior; their sum is 1. */
export function kernelWeights(count: number): Float64Array {
  const older = Math.max(count - 25, 0)
  const weights = new Float64Array(count + 1).fill(1)
  const step = (1 - 1 / count) / (older - 1)
  for (let i = 0; i < older - 1; i++) weights[i] = i * step + 1 / count
  if (older === 1) weights[0] = 1 / count
  const sum = pairwiseSum(weights, weights.length)
  for (let i = 0; i <= count; i++) weights[i]! /= sum
  return weights
}

function sampleChoices(kernels: CategoricalKernels, chosen: Int32Array, random: RandomState): Float64Array {
  const { distribution, observed, own, other, prior } = kernels
  const last = distribution.choices.length - 1
  return Float64Array.from(chosen, (k) => {
    const seen = k < observed.length ? observed[k]! : -1
    const u = random.randomSample()
    let choice = 0
    for (let sum = 0; choice < last; choice++) {
      sum += seen < 0 ? prior : choice === seen ? own[seen]! : other[seen]!
      if (sum >= u) break
    }
    return choice
  })
}

function sampleNumbers(kernels: NumericalKernels, chosen: Int32Array, random: RandomState): Float64Array {
  const { distribution, centres, widths, low, high } = kernels
  return Float64Array.from(chosen, (k) => {
    const [centre, width] = [centres[k]!, widths[k]!]
    const [a, b] = [(low - centre) / width, (high - centre) / width]
    const z = truncatedNormalQuantile({ q: random.randomSample(), a, b, logMass: logNormalMass(a, b) })
    const value = z * width + centre
    return onStep(distribution, distribution.log ? Math.exp(value) : value)
  })
}
