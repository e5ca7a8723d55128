import { choleskyInPlace, dot, invertTransposed, solveLower } from '../../math/index.ts'
import { type KernelParams, matern52, matern52Slope, type Observations } from './kernel.ts'

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
  readonly #slopes: Float64Array
  readonly #solved: Float64Array

  static seen(observations: Observations, params: KernelParams): GaussianProcess | null {
    const count = observations.y.length
    const factor = new Float64Array(count * count)
    for (let i = 0; i < count; i++) {
      const point = rowOf(observations, i)
      for (let j = 0; j < i; j++) {
        factor[i * count + j] = params.scale * matern52(squaredDistance(observations, params, point, j))
      }
      factor[i * count + i] = params.scale + params.noise
    }
    return choleskyInPlace(factor, count) ? new GaussianProcess(observations, params, factor) : null
  }

  private constructor(observations: Observations, params: KernelParams, factor: Float64Array) {
    const { y } = observations
    const count = y.length
    this.observations = observations
    this.params = params
    this.#count = count
    this.#factor = factor
    this.#inverse = new Float64Array(count * count)
    invertTransposed(factor, count, this.#inverse)
    this.#kernels = new Float64Array(count)
    this.#slopes = new Float64Array(count)
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
    const { scale } = this.params
    for (let j = 0; j < this.#count; j++) {
      this.#kernels[j] = scale * matern52(squaredDistance(this.observations, this.params, point, j))
    }
    return this.#believe(into)
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
    for (let j = 0; j < this.#count; j++) {
      const distance = squaredDistance(this.observations, this.params, point, j)
      this.#kernels[j] = scale * matern52(distance)
      this.#slopes[j] = scale * matern52Slope(distance)
    }
    this.#believe(into)
    meanGradient.fill(0)
    varianceGradient.fill(0)
    for (let j = 0; j < this.#count; j++) {
      const rest = this.#count - j
      const response = dot(this.#inverse, j * this.#count + j, this.#solved, j, rest)
      const meanShare = 2 * this.#slopes[j] * this.#weights[j]
      const varianceShare = -4 * this.#slopes[j] * response
      for (let d = 0; d < dimensions; d++) {
        const difference = (point[d] - x[j * dimensions + d]) * inverseSquaredLengths[d]
        meanGradient[d] += meanShare * difference
        varianceGradient[d] += varianceShare * difference
      }
    }
    for (let d = 0; d < dimensions; d++) if (isCategorical[d]) meanGradient[d] = varianceGradient[d] = 0
    return into
  }

  /** From the kernels between the point and the observations; leaves L⁻¹ × kernels behind. */
  #believe(into: Belief): Belief {
    const count = this.#count
    solveLower(this.#factor, count, this.#kernels, this.#solved)
    const explained = dot(this.#solved, 0, this.#solved, 0, count)
    into.mean = dot(this.#kernels, 0, this.#weights, 0, count)
    into.variance = Math.max(0, this.params.scale - explained)
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

/** Between a point and observation j, in lengths. */
function squaredDistance(
  { x, dimensions, isCategorical }: Observations,
  { inverseSquaredLengths }: KernelParams,
  point: Float64Array,
  j: number,
): number {
  const row = j * dimensions
  let sum = 0
  for (let d = 0; d < dimensions; d++) {
    const difference = point[d] - x[row + d]
    const square = isCategorical[d] ? Number(difference !== 0) : difference * difference
    sum += square * inverseSquaredLengths[d]
  }
  return sum
}
