import type { Random } from '../../math/random.ts'
import type { Distribution } from '../study/distribution.ts'
import { categoricalKernels, type Kernels, numericalKernels } from './kernels.ts'

/** Parameters that are chosen together, in the order of their names. */
export type SearchSpace = readonly (readonly [name: string, distribution: Distribution])[]

/**
 * A density over a search space learnt from points: a mixture with one kernel a point and a prior kernel, each
 * kernel a product over the parameters. The newest 25 points weigh 1, as the prior does; of n older ones the
 * weights rise from 1/n to 1. Points are given by parameter, oldest first. Source: Bergstra et al. 2011,
 * Watanabe 2023 (arXiv 2304.11127), as Optuna 5 has it.
 */
export class ParzenEstimator {
  readonly #space: SearchSpace
  readonly #weights: Float64Array
  readonly #kernels: readonly Kernels[]

  constructor(space: SearchSpace, points: readonly Float64Array[]) {
    this.#space = space
    this.#weights = kernelWeights(points[0]?.length ?? 0)
    this.#kernels = space.map(([, distribution], d) =>
      distribution.kind === 'categorical'
        ? categoricalKernels(distribution, points[d]!)
        : numericalKernels(distribution, points[d]!),
    )
  }

  /** Draws `count` points; the order of draws is Optuna's: kernels, then choices, then numbers. */
  sample(count: number, random: Random): readonly Float64Array[] {
    const chosen = chooseKernels({ weights: this.#weights, count, random })
    const drawn: Float64Array[] = []
    for (const isChoice of [true, false]) {
      this.#space.forEach(([, distribution], d) => {
        if ((distribution.kind === 'categorical') === isChoice) {
          drawn[d] = this.#kernels[d]!.sample(chosen, random)
        }
      })
    }
    return drawn
  }

  /** ln density at each point. Cost O(points × kernels × parameters). */
  logDensity(points: readonly Float64Array[]): Float64Array {
    const kernels = this.#weights.length
    const sums = new Float64Array(points[0]!.length * kernels)
    this.#kernels.forEach((dimension, d) => {
      dimension.addLogDensity(points[d]!, sums)
    })
    return points[0]!.map((_, i) => {
      const terms = sums
        .subarray(i * kernels, (i + 1) * kernels)
        .map((sum, k) => sum + Math.log(this.#weights[k]!))
      return logSumExp(terms)
    })
  }
}

/** The weights of `count` points and the prior; their sum is 1. */
function kernelWeights(count: number): Float64Array {
  const older = Math.max(count - 25, 0)
  const weights = new Float64Array(count + 1).fill(1)
  for (let i = 0; i < older; i++)
    weights[i] = 1 / count + (1 - 1 / count) * (older === 1 ? 0 : i / (older - 1))
  const sum = weights.reduce((a, b) => a + b, 0)
  return weights.map((weight) => weight / sum)
}

function chooseKernels(input: { weights: Float64Array; count: number; random: Random }): Int32Array {
  const cumulated = new Float64Array(input.weights.length)
  input.weights.reduce((sum, weight, k) => (cumulated[k] = sum + weight), 0)
  const last = cumulated.length - 1
  return Int32Array.from({ length: input.count }, () => {
    const u = input.random.next() * cumulated[last]!
    const k = cumulated.findIndex((sum) => sum > u)
    return k < 0 ? last : k
  })
}

function logSumExp(terms: Float64Array): number {
  const most = Math.max(...terms)
  if (most === Number.NEGATIVE_INFINITY) return most
  return most + Math.log(terms.reduce((sum, term) => sum + Math.exp(term - most), 0))
}
