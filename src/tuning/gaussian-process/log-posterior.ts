import { choleskyInPlace, dot, invertTransposed, solveLower } from '../../math/index.ts'
import {
  type KernelParams,
  matern52,
  matern52Slope,
  type Observations,
  squaredDifferences,
} from './kernel.ts'

/** Noise never falls below this share of the variance of y, for the sake of the factorisation. */
export const MINIMUM_NOISE = 1e-6

/**
 * Minus the logarithm of (likelihood of y × prior of the kernel), up to a constant, with its gradient, as a
 * function of logarithms: ln(1 / length²) by coordinate, ln scale, ln(noise − MINIMUM_NOISE). With
 * `deterministic` the noise is MINIMUM_NOISE and its gradient 0. Likelihood and priors are Optuna 5's: 0.1 ×
 * (l² + l⁻²) against extreme lengths, Gamma(2, 1) on the scale, Gamma(1.1, 30) on the noise. Infinity where the
 * kernel matrix cannot be factored. Cost O(n³ + n² d) a call; the buffers are reused.
 */
export function logPosteriorOf(
  observations: Observations,
  { deterministic }: { readonly deterministic: boolean },
): (raw: Float64Array, gradient: Float64Array) => number {
  const { y, dimensions } = observations
  const count = y.length
  const squares = squaredDifferences(observations)
  const matrix = new Float64Array(count * count)
  const inverse = new Float64Array(count * count)
  const slopes = new Float64Array((count * (count - 1)) / 2)
  const kernels = new Float64Array(slopes.length)
  const solved = new Float64Array(count)
  const weights = new Float64Array(count)

  return (raw, gradient) => {
    const { inverseSquaredLengths, scale, noise } = kernelParamsOf(raw, deterministic)
    let pair = 0
    for (let i = 0; i < count; i++) {
      for (let j = 0; j < i; j++) {
        const distance = dot(squares, pair * dimensions, inverseSquaredLengths, 0, dimensions)
        kernels[pair] = scale * matern52(distance)
        slopes[pair] = scale * matern52Slope(distance)
        matrix[i * count + j] = kernels[pair++]
      }
      matrix[i * count + i] = scale + noise
    }
    if (!choleskyInPlace(matrix, count)) return Number.POSITIVE_INFINITY
    solveLower(matrix, count, y, solved)
    let loss = 0.5 * dot(solved, 0, solved, 0, count)
    for (let i = 0; i < count; i++) loss += Math.log(matrix[i * count + i])

    // d loss = ½ Σ (K⁻¹ − w wᵀ) dK with w = K⁻¹ y; a pair stands for its mirror image too
    invertTransposed(matrix, count, inverse)
    for (let i = 0; i < count; i++) weights[i] = dot(inverse, i * count + i, solved, i, count - i)
    gradient.fill(0)
    let trace = 0
    let scaleGradient = 0
    pair = 0
    for (let i = 0; i < count; i++) {
      const row = i * count
      for (let j = 0; j < i; j++, pair++) {
        const cell = dot(inverse, row + i, inverse, j * count + i, count - i) - weights[i] * weights[j]
        scaleGradient += cell * kernels[pair]
        const change = cell * slopes[pair]
        for (let d = 0; d < dimensions; d++) gradient[d] += change * squares[pair * dimensions + d]
      }
      trace += dot(inverse, row + i, inverse, row + i, count - i) - weights[i] * weights[i]
    }
    for (let d = 0; d < dimensions; d++) {
      const inverseSquare = inverseSquaredLengths[d]
      loss += 0.1 / inverseSquare + 0.1 * inverseSquare
      gradient[d] = gradient[d] * inverseSquare - 0.1 / inverseSquare + 0.1 * inverseSquare
    }
    loss += scale - Math.log(scale) + 30 * noise - 0.1 * Math.log(noise)
    gradient[dimensions] = scaleGradient + 0.5 * trace * scale + scale - 1
    const noiseSlope = 0.5 * trace + 30 - 0.1 / noise
    gradient[dimensions + 1] = deterministic ? 0 : noiseSlope * (noise - MINIMUM_NOISE)
    return loss
  }
}

/** Back from the logarithms that are searched. */
export function kernelParamsOf(raw: Float64Array, deterministic: boolean): KernelParams {
  const dimensions = raw.length - 2
  return {
    inverseSquaredLengths: raw.subarray(0, dimensions).map(Math.exp),
    scale: Math.exp(raw[dimensions]),
    noise: deterministic ? MINIMUM_NOISE : Math.exp(raw[dimensions + 1]) + MINIMUM_NOISE,
  }
}
