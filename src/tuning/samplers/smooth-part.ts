import type { CategoricalKernels, NumericalKernels } from './kernels.ts'

/** Kernels whose terms are computed together, so that what they need stays near the processor. */
export const BLOCK = 512

/**
 * What the parameters without a step add to the logarithms of the kernels' densities: Σ −½((x − centre) / width)²
 * less the penalties. Computed for a block of kernels and all points at once.
 */
export class SmoothPart {
  readonly #points: readonly Float64Array[]
  readonly #centres: readonly Float64Array[]
  readonly #widths: readonly Float64Array[]
  readonly #penalties: Float64Array
  readonly #block: Float64Array

  /** `kernels` and `points` are by parameter; those with a step or with choices are passed over. */
  constructor(input: {
    readonly kernels: readonly (CategoricalKernels | NumericalKernels)[]
    readonly points: readonly Float64Array[]
    /** How many kernels a parameter has. */
    readonly count: number
  }) {
    const smooth = input.kernels.flatMap((kernels, d) => {
      if ('observed' in kernels || kernels.distribution.step !== null) return []
      const points = input.points[d]!
      return [{ ...kernels, points: kernels.distribution.log ? points.map(Math.log) : points }]
    })
    this.#points = smooth.map(({ points }) => points)
    this.#centres = smooth.map(({ centres }) => centres)
    this.#widths = smooth.map(({ widths }) => widths)
    this.#penalties = new Float64Array(input.count)
    for (const { penalties } of smooth) addTo(this.#penalties, penalties)
    this.#block = new Float64Array(input.points[0]!.length * BLOCK)
  }

  /** Whether every parameter has a step or choices. */
  get isEmpty(): boolean {
    return this.#centres.length === 0
  }

  /** At kernel k and point i. */
  at(k: number, i: number): number {
    let sum = -this.#penalties[k]!
    this.#centres.forEach((centres, d) => {
      const z = (this.#points[d]![i]! - centres[k]!) / this.#widths[d]![k]!
      sum -= 0.5 * z * z
    })
    return sum
  }

  /** At kernels start, …, start + length − 1: those of point i begin at i × BLOCK. Overwritten by the next call. */
  block(start: number, length: number): Float64Array {
    const block = this.#block
    const size = block.length / BLOCK
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < length; j++) block[i * BLOCK + j] = -this.#penalties[start + j]!
    }
    // two parameters at a time: half the loads and stores of the sums
    for (let d = 0; d < this.#centres.length; d += 2) {
      const [first, second] = [this.#scaled(d, start, length), this.#scaled(d + 1, start, length)]
      for (let i = 0; i < size; i++) {
        takeSquares(block.subarray(i * BLOCK, i * BLOCK + length), first, second, i)
      }
    }
    return block
  }

  /** A parameter's part of a block; past the last parameter one that adds nothing. */
  #scaled(d: number, start: number, length: number): Scaled {
    const inverses = new Float64Array(length)
    const widths = this.#widths[d]
    if (widths === undefined) return { points: this.#points[0]!, centres: inverses, inverses }
    for (let j = 0; j < length; j++) inverses[j] = 1 / widths[start + j]!
    return { points: this.#points[d]!, centres: this.#centres[d]!.subarray(start, start + length), inverses }
  }
}

interface Scaled {
  readonly points: Float64Array
  readonly centres: Float64Array
  readonly inverses: Float64Array
}

function takeSquares(sums: Float64Array, first: Scaled, second: Scaled, i: number): void {
  const [x, y] = [first.points[i]!, second.points[i]!]
  const { centres: a, inverses: b } = first
  const { centres: c, inverses: d } = second
  for (let j = 0; j < sums.length; j++) {
    const z = (x - a[j]!) * b[j]!
    const w = (y - c[j]!) * d[j]!
    sums[j] = sums[j]! - 0.5 * (z * z + w * w)
  }
}

function addTo(sums: Float64Array, values: Float64Array): void {
  for (let k = 0; k < values.length; k++) sums[k]! += values[k]!
}
