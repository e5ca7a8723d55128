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
  readonly #inverses: readonly Float64Array[]
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
    this.#inverses = smooth.map(({ widths }) => inverted(widths))
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
      const z = (this.#points[d]![i]! - centres[k]!) * this.#inverses[d]![k]!
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
    for (let d = 0; d < this.#centres.length; d++) {
      const centres = this.#centres[d]!.subarray(start, start + length)
      const inverses = this.#inverses[d]!.subarray(start, start + length)
      const points = this.#points[d]!
      for (let i = 0; i < size; i++) takeSquares(block, i * BLOCK, points[i]!, centres, inverses)
    }
    return block
  }
}

function takeSquares(
  block: Float64Array,
  from: number,
  x: number,
  centres: Float64Array,
  inverses: Float64Array,
): void {
  for (let j = 0; j < centres.length; j++) {
    const z = (x - centres[j]!) * inverses[j]!
    block[from + j]! -= 0.5 * z * z
  }
}

function inverted(values: Float64Array): Float64Array {
  const inverse = new Float64Array(values.length)
  for (let k = 0; k < values.length; k++) inverse[k] = 1 / values[k]!
  return inverse
}

function addTo(sums: Float64Array, values: Float64Array): void {
  for (let k = 0; k < values.length; k++) sums[k]! += values[k]!
}
