/** Points with their values, and which coordinates are names rather than numbers. */
export interface Observations {
  /** Row after row, coordinates in [0, 1]; of a name its number. */
  readonly x: Float64Array
  readonly y: Float64Array
  readonly dimensions: number
  /** 1 for a coordinate whose values only are or are not equal. */
  readonly isCategorical: Uint8Array
}

/** What a kernel is made of. Variances are those of y, lengths those of x. */
export interface KernelParams {
  /** 1 / length² by coordinate. */
  readonly inverseSquaredLengths: Float64Array
  /** The variance of the function. */
  readonly scale: number
  /** The variance of the noise. */
  readonly noise: number
}

/**
 * Matérn's kernel of 5/2 at a squared distance in lengths, for a scale of 1: (1 + r√5 + 5r²/3) exp(−r√5). Kernel.
 *
 * @example
 * matern52(0) // 1
 */
export function matern52(squaredDistance: number): number {
  const root = Math.sqrt(5 * squaredDistance)
  return ((5 / 3) * squaredDistance + root + 1) * Math.exp(-root)
}

/** The derivative of `matern52` by the squared distance. */
export function matern52Slope(squaredDistance: number): number {
  const root = Math.sqrt(5 * squaredDistance)
  return (-5 / 6) * (root + 1) * Math.exp(-root)
}

/**
 * Squared differences of every pair (i, j < i) by coordinate, pair after pair; 0 or 1 where names are equal or
 * not. Cost O(n² d).
 */
export function squaredDifferences({ x, y, dimensions, isCategorical }: Observations): Float64Array {
  const count = y.length
  const squares = new Float64Array(((count * (count - 1)) / 2) * dimensions)
  let at = 0
  for (let i = 1; i < count; i++) {
    for (let j = 0; j < i; j++) {
      for (let d = 0; d < dimensions; d++) {
        const difference = x[i * dimensions + d] - x[j * dimensions + d]
        squares[at++] = isCategorical[d] ? Number(difference !== 0) : difference * difference
      }
    }
  }
  return squares
}

/** Writes the squared distance, in lengths, between a point and each observation. */
export type DistanceMeter = (point: Float64Array, into: Float64Array) => void

/** A meter for these observations, which it measures in lengths once, beforehand. Cost O(n d) a point. */
export function distanceMeter(
  { x, y, dimensions, isCategorical }: Observations,
  { inverseSquaredLengths }: KernelParams,
): DistanceMeter {
  const count = y.length
  const all = Int32Array.from({ length: dimensions }, (_, d) => d)
  const [numbers, names] = [all.filter((d) => !isCategorical[d]), all.filter((d) => isCategorical[d])]
  const width = numbers.length
  const scales = Float64Array.from(numbers, (d) => Math.sqrt(inverseSquaredLengths[d]))
  const scaled = new Float64Array(count * width)
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < width; k++) scaled[i * width + k] = x[i * dimensions + numbers[k]] * scales[k]
  }
  const here = new Float64Array(width)
  return (point, into) => {
    for (let k = 0; k < width; k++) here[k] = point[numbers[k]] * scales[k]
    for (let i = 0, at = 0; i < count; i++) {
      let sum = 0
      for (let k = 0; k < width; k++, at++) {
        const difference = here[k] - scaled[at]
        sum += difference * difference
      }
      into[i] = sum
    }
    for (let k = 0; k < names.length; k++) {
      const d = names[k]
      for (let i = 0; i < count; i++) {
        if (point[d] !== x[i * dimensions + d]) into[i] += inverseSquaredLengths[d]
      }
    }
  }
}
