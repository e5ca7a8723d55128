import { choleskyInPlace, dot, invertTransposed, solveLower } from '../../math/index.ts'
import {
  type DistanceMeter,
  distanceMeter,
  type KernelParams,
  matern52,
  matern52Slope,
  type Observations,
} from './kernel.ts'

/** What a Gaussian process believes of the function at a point. */
export interface Belief {
  mean: number
  variance: number
}

/**
 * A Gaussian process that has seen its observations: the mean and the variance of the function, without noise, at
 * any point. `null` from `seen` where the kernel matrix cannot be factored. Cost O(n³) to make, O(n² + n d) a point.
 */
export class GaussianProcess {
  readonly params: KernelParams
  readonly observations: Observations
  readonly #count: number
  readonly #factor: Float64Array
  readonly #inverse: Float64Array
  readonly #weights: Float64Array
  readonly #kernels: Float64Array
  readonly #distances: Float64Array
  readonly #measure: DistanceMeter
  readonly #solved: Float64Array

  static seen(observations: Observations, params: KernelParams): GaussianProcess | null {
    const count = observations.y.length
    const factor = new Float64Array(count * count)
    const measure = distanceMeter(observations, params)
    const distances = new Float64Array(count)
    for (let i = 0; i < count; i++) {
      measure(rowOf(observations, i), distances)
      for (let j = 0; j < i; j++) factor[i * count + j] = params.scale * matern52(distances[j])
      factor[i * count + i] = params.scale + params.noise
    }
    return choleskyInPlace(factor, count) ? new GaussianProcess(observations, params, factor, measure) : null
  }

  private constructor(
    observations: Observations,
    params: KernelParams,
    factor: Float64Array,
    measure: DistanceMeter,
  ) {
    const { y } = observations
    const count = y.length
    this.observations = observations
    this.params = params
    this.#count = count
    this.#factor = factor
    this.#inverse = new Float64Array(count * count)
    invertTransposed(factor, count, this.#inverse)
    this.#measure = measure
    this.#distances = new Float64Array(count)
    this.#kernels = new Float64Array(count)
    this.#solved = new Float64Array(count)
    this.#weights = this.#solveBoth(y)
  }

  /** By coordinate, how far apart points are that know little of each other. */
  get lengths(): Float64Array {
    return this.params.inverseSquaredLengths.map((square) => 1 / Math.sqrt(square))
  }

  /**
   * The same process as if it had also seen, at each of these points, what it expects there: where trials run, so
   * that the next does not go to the same place ("kriging believer"; Ginsbourger et al. 2010).
   */
  believing(points: Float64Array): GaussianProcess {
    if (points.length === 0) return this
    const { x, y, dimensions } = this.observations
    const believed = Float64Array.from({ length: points.length / dimensions }, (_, i) => {
      return this.at(points.subarray(i * dimensions, (i + 1) * dimensions)).mean
    })
    const all = { ...this.observations, x: joined(x, points), y: joined(y, believed) }
    return GaussianProcess.seen(all, this.params) ?? this
  }

  /** Mean and variance at a point. */
  at(point: Float64Array, into: Belief = { mean: 0, variance: 0 }): Belief {
    const count = this.#count
    const { scale } = this.params
    const [distances, kernels, solved] = [this.#distances, this.#kernels, this.#solved]
    this.#measure(point, distances)
    for (let j = 0; j < count; j++) kernels[j] = scale * matern52(distances[j])
    solveLower(this.#factor, count, kernels, solved)
    into.mean = dot(kernels, 0, this.#weights, 0, count)
    into.variance = Math.max(0, scale - dot(solved, 0, solved, 0, count))
    return into
  }

  /** The same, writing the gradients of both by the coordinates; those of names are 0. */
  atWithGradient(
    point: Float64Array,
    meanGradient: Float64Array,
    varianceGradient: Float64Array,
    into: Belief = { mean: 0, variance: 0 },
  ): Belief {
    const { x, dimensions, isCategorical } = this.observations
    const { scale, inverseSquaredLengths } = this.params
    const [count, distances] = [this.#count, this.#distances]
    this.at(point, into)
    meanGradient.fill(0)
    varianceGradient.fill(0)
    for (let j = 0; j < count; j++) {
      const response = dot(this.#inverse, j * count + j, this.#solved, j, count - j)
      const slope = scale * matern52Slope(distances[j])
      const meanShare = 2 * slope * this.#weights[j]
      const varianceShare = -4 * slope * response
      for (let d = 0; d < dimensions; d++) {
        const difference = (point[d] - x[j * dimensions + d]) * inverseSquaredLengths[d]
        meanGradient[d] += meanShare * difference
        varianceGradient[d] += varianceShare * difference
      }
    }
    for (let d = 0; d < dimensions; d++) if (isCategorical[d]) meanGradient[d] = varianceGradient[d] = 0
    return into
  }

  /** K⁻¹ × y. */
  #solveBoth(y: Float64Array): Float64Array {
    const count = this.#count
    solveLower(this.#factor, count, y, this.#solved)
    return y.map((_, i) => dot(this.#inverse, i * count + i, this.#solved, i, count - i))
  }
}

function joined(first: Float64Array, second: Float64Array): Float64Array {
  const both = new Float64Array(first.length + second.length)
  both.set(first)
  both.set(second, first.length)
  return both
}

function rowOf({ x, dimensions }: Observations, i: number): Float64Array {
  return x.subarray(i * dimensions, (i + 1) * dimensions)
}
