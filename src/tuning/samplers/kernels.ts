import type { Random } from '../../math/random.ts'
import type { CategoricalDistribution, NumericalDistribution } from '../study/distribution.ts'
import { onStep } from './random-sampler.ts'
import { logNormalMass, truncatedNormalQuantile } from './truncated-normal.ts'

/** One parameter's density in each kernel of a mixture: one kernel an observation, the prior last. */
export interface Kernels {
  /** One value from each chosen kernel, as a number (a choice as its index). */
  sample(chosen: Int32Array, random: Random): Float64Array
  /** Adds ln density(value i | kernel k) to `sums[i × kernels + k]`. */
  addLogDensity(values: Float64Array, sums: Float64Array): void
}

/**
 * Normal kernels truncated to the range, in the logarithm where the distribution says so; probability masses of
 * the cells x ± step/2 where it has a step. A kernel is as wide as the larger gap to its neighbours, clipped to
 * [range / min(100, kernels + 1), range]; the prior is centred and as wide as the range. Optuna 5's rule.
 */
export function numericalKernels(distribution: NumericalDistribution, observed: Float64Array): Kernels {
  const { log, step } = distribution
  const half = (step ?? 0) / 2
  const onScale = (x: number): number => (log ? Math.log(x) : x)
  const low = onScale(distribution.low - half)
  const high = onScale(distribution.high + half)
  const centres = Float64Array.from([...observed.map(onScale), (low + high) / 2])
  const widths = kernelWidths(centres.subarray(0, observed.length), low, high)
  const normalisers = widths.map((width, k) =>
    logNormalMass((low - centres[k]!) / width, (high - centres[k]!) / width),
  )

  return {
    sample: (chosen, random) =>
      Float64Array.from(chosen, (k) => {
        const [centre, width] = [centres[k]!, widths[k]!]
        const z = truncatedNormalQuantile(random.next(), (low - centre) / width, (high - centre) / width)
        const value = log ? Math.exp(z * width + centre) : z * width + centre
        return onStep(distribution, value)
      }),
    addLogDensity: (values, sums) => {
      const count = centres.length
      for (let i = 0; i < values.length; i++) {
        const x = values[i]!
        const [left, right] = [onScale(x - half), onScale(x + half)]
        for (let k = 0; k < count; k++) {
          const [centre, width] = [centres[k]!, widths[k]!]
          const z = (left - centre) / width
          const logDensity =
            step === null ? logNormalDensity(z, width) : logNormalMass(z, (right - centre) / width)
          sums[i * count + k]! += logDensity - normalisers[k]!
        }
      }
    },
  }
}

/** A kernel prefers its observed choice: 1 + 1/kernels against 1/kernels for the others; the prior prefers none. */
export function categoricalKernels({ choices }: CategoricalDistribution, observed: Float64Array): Kernels {
  const count = observed.length + 1
  const other = 1 / count / (1 + choices.length / count)
  const own = (1 + 1 / count) / (1 + choices.length / count)
  const probability = (k: number, choice: number): number => {
    if (k === observed.length) return 1 / choices.length
    return choice === observed[k] ? own : other
  }
  return {
    sample: (chosen, random) =>
      Float64Array.from(chosen, (k) => {
        let left = random.next()
        let choice = 0
        while (choice < choices.length - 1 && left > probability(k, choice)) left -= probability(k, choice++)
        return choice
      }),
    addLogDensity: (values, sums) => {
      for (let i = 0; i < values.length; i++) {
        for (let k = 0; k < count; k++) sums[i * count + k]! += Math.log(probability(k, values[i]!))
      }
    },
  }
}

/** Each centre's larger gap to its neighbours and the range's ends; the outermost of several look inward only. */
function kernelWidths(centres: Float64Array, low: number, high: number): Float64Array {
  const order = Int32Array.from(centres.keys()).sort((a, b) => centres[a]! - centres[b]!)
  const sorted = [low, ...Array.from(order, (k) => centres[k]!), high]
  const last = order.length - 1
  const least = (high - low) / Math.min(100, order.length + 2)
  const widths = new Float64Array(order.length + 1).fill(high - low)
  order.forEach((k, rank) => {
    const before = rank === 0 && last > 0 ? 0 : sorted[rank + 1]! - sorted[rank]!
    const after = rank === last && last > 0 ? 0 : sorted[rank + 2]! - sorted[rank + 1]!
    widths[k] = Math.min(Math.max(before, after, least), high - low)
  })
  return widths
}

function logNormalDensity(z: number, width: number): number {
  return -0.5 * z * z - LOG_SQRT_2PI - Math.log(width)
}

const LOG_SQRT_2PI = 0.5 * Math.log(2 * Math.PI)
