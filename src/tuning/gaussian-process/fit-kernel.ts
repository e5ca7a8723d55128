import { minimizeInBox } from '../../math/index.ts'
import { GaussianProcess } from './gaussian-process.ts'
import type { KernelParams, Observations } from './kernel.ts'
import { kernelParamsOf, logPosteriorOf, MINIMUM_NOISE } from './log-posterior.ts'

export interface FitOptions {
  /** The kernel to start from, as a rule that of the fit before; lengths and scale of 1 and a noise of 0.01 unless given. */
  readonly start?: KernelParams | undefined
  /** The same point has the same value: the noise is not fitted but MINIMUM_NOISE. False unless given. */
  readonly deterministic?: boolean
}

/**
 * The Gaussian process whose kernel is most likely a posteriori for the observations: see `logPosteriorOf`. y
 * should be standardised. Where the search goes astray from `start` it begins at the default kernel, and where it
 * goes astray from there the default kernel is the answer. Cost some 20 to 60 times O(n³ + n² d).
 */
export function fitGaussianProcess(observations: Observations, options: FitOptions = {}): GaussianProcess {
  const { start, deterministic = false } = options
  const fallback = defaultKernel(observations.dimensions)
  const logPosterior = logPosteriorOf(observations, { deterministic })
  for (const from of start === undefined ? [fallback] : [start, fallback]) {
    const { x, value } = minimizeInBox(logPosterior, rawOf(from), LIMITS)
    if (!Number.isFinite(value)) continue
    const process = GaussianProcess.seen(observations, kernelParamsOf(x, deterministic))
    if (process !== null) return process
  }
  return GaussianProcess.seen(observations, fallback)!
}

/** Before anything is known. */
export function defaultKernel(dimensions: number): KernelParams {
  return { inverseSquaredLengths: new Float64Array(dimensions).fill(1), scale: 1, noise: 0.01 }
}

function rawOf({ inverseSquaredLengths, scale, noise }: KernelParams): Float64Array {
  // the noise begins a little above the least, whose logarithm would be −Infinity
  return Float64Array.of(
    ...inverseSquaredLengths.map(Math.log),
    Math.log(scale),
    Math.log(noise - 0.99 * MINIMUM_NOISE),
  )
}

const LIMITS = { gradientTolerance: 1e-2, valueTolerance: 1e-9, maxEvaluations: 200 }
