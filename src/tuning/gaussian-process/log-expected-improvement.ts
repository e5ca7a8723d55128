import { erfcx } from '../../math/index.ts'
import type { Belief, GaussianProcess } from './gaussian-process.ts'

/** A function of a point whose largest value is sought; `gradient` is filled where it is given. */
export type Acquisition = (point: Float64Array, gradient?: Float64Array) => number

/**
 * The logarithm of the improvement over `best` that the process expects at a point, with its gradient. The
 * logarithm keeps its slope where the improvement itself is too small for a number.
 * Source: Ament et al. 2023 (arXiv 2310.20708).
 */
export function logExpectedImprovement(process: GaussianProcess, best: number): Acquisition {
  const { dimensions } = process.observations
  const belief: Belief = { mean: 0, variance: 0 }
  const meanGradient = new Float64Array(dimensions)
  const varianceGradient = new Float64Array(dimensions)
  return (point, gradient) => {
    if (gradient === undefined) process.at(point, belief)
    else process.atWithGradient(point, meanGradient, varianceGradient, belief)
    const deviation = Math.sqrt(belief.variance + LEAST_VARIANCE)
    const z = (belief.mean - best) / deviation
    if (gradient !== undefined) {
      const slope = standardSlope(z)
      for (let d = 0; d < dimensions; d++) {
        const deviationSlope = varianceGradient[d] / (2 * deviation)
        gradient[d] = (slope * (meanGradient[d] - z * deviationSlope) + deviationSlope) / deviation
      }
    }
    return standardLogImprovement(z) + Math.log(deviation)
  }
}

/**
 * ln E max(0, z + N(0, 1)) = ln(φ(z) + z Φ(z)), exact to some 1e-12 for every z.
 *
 * @example
 * standardLogImprovement(-1e6) < -4.9e11 // true
 */
export function standardLogImprovement(z: number): number {
  if (z < -1) return -0.5 * z * z - LOG_SQRT_2PI + Math.log(tailShare(z))
  return Math.log(density(z) + z * mass(z))
}

/** The derivative of `standardLogImprovement`. */
export function standardSlope(z: number): number {
  if (z < -1) return mills(z) / tailShare(z)
  return mass(z) / (density(z) + z * mass(z))
}

/** (φ + zΦ) / φ below zero: 1 + z Φ / φ, as a series where the difference would lose its digits. */
function tailShare(z: number): number {
  if (z > -100) return 1 + z * mills(z)
  const inverse = 1 / (z * z)
  return inverse * (1 - inverse * (3 - 15 * inverse))
}

/** Φ(z) / φ(z) for z ≤ 0. */
function mills(z: number): number {
  return Math.sqrt(Math.PI / 2) * erfcx(-z * Math.SQRT1_2)
}

function mass(z: number): number {
  return z <= 0 ? mills(z) * density(z) : 1 - mills(-z) * density(z)
}

function density(z: number): number {
  return Math.exp(-0.5 * z * z - LOG_SQRT_2PI)
}

const LOG_SQRT_2PI = 0.5 * Math.log(2 * Math.PI)
/** Keeps the logarithm finite at points that are known exactly. */
const LEAST_VARIANCE = 1e-12
