import { dot } from './dot.ts'

/** Writes the gradient at `x` and returns the value; a value that is not finite counts as too far. */
export type Differentiable = (x: Float64Array, gradient: Float64Array) => number

export interface MinimizeOptions {
  /** Bounds by coordinate; none unless given. */
  readonly lower?: Float64Array
  readonly upper?: Float64Array
  /** Evaluations of the function, 100 unless given. */
  readonly maxEvaluations?: number
  /** Stops where no coordinate of the projected gradient is larger. 1e-5 unless given. */
  readonly gradientTolerance?: number
  /** Stops where a step gains less than this share of the value. 1e-9 unless given. */
  readonly valueTolerance?: number
}

export interface Minimum {
  readonly x: Float64Array
  readonly value: number
}

/** Pairs of steps and changes of the gradient that the curvature is made of. */
const MEMORY = 8

/**
 * A local minimum of a smooth function, inside bounds where they are given: limited-memory BFGS whose steps are
 * projected onto the box, with a search backwards by Armijo's rule. Starts from `start`, moved into the box, whose
 * value must be finite. Never worse than the start. Cost O(dimensions) beside each evaluation.
 * Sources: Nocedal & Wright 2006, algorithm 7.4; Bertsekas 1982 for the projection.
 *
 * @example
 * const parabola: Differentiable = (x, gradient) => {
 *   gradient[0] = 2 * (x[0]! - 3)
 *   return (x[0]! - 3) ** 2
 * }
 * minimizeInBox(parabola, Float64Array.of(0), { upper: Float64Array.of(2) }).x // Float64Array [2]
 */
export function minimizeInBox(
  evaluate: Differentiable,
  start: Float64Array,
  options: MinimizeOptions = {},
): Minimum {
  const { lower, upper, maxEvaluations = 100, gradientTolerance = 1e-5, valueTolerance = 1e-9 } = options
  const size = start.length
  const history = new Curvature(size)
  const x = clipInto(Float64Array.from(start), lower, upper)
  const gradient = new Float64Array(size)
  let value = evaluate(x, gradient)
  const nextX = new Float64Array(size)
  const nextGradient = new Float64Array(size)
  const direction = new Float64Array(size)

  for (let evaluations = 1; evaluations < maxEvaluations; ) {
    const slack = freeGradient(x, gradient, lower, upper, direction)
    if (slack <= gradientTolerance) break
    const isFirst = history.count === 0
    history.multiply(direction)
    for (let i = 0; i < size; i++) direction[i] = isPinned(x, gradient, lower, upper, i) ? 0 : -direction[i]
    const slope = dot(direction, 0, gradient, 0, size)
    if (!(slope < 0)) {
      if (isFirst) break
      history.clear()
      continue
    }

    let step = isFirst ? Math.min(1, 1 / slack) : 1
    let nextValue = Number.POSITIVE_INFINITY
    let isFound = false
    while (!isFound && evaluations < maxEvaluations && step > 1e-12) {
      for (let i = 0; i < size; i++) nextX[i] = x[i] + step * direction[i]
      clipInto(nextX, lower, upper)
      nextValue = evaluate(nextX, nextGradient)
      evaluations++
      let promised = 0
      for (let i = 0; i < size; i++) promised += gradient[i] * (nextX[i] - x[i])
      isFound = nextValue <= value + 1e-4 * promised
      if (!isFound) step *= shrinkage(value, nextValue, step * slope)
    }
    if (!isFound) {
      if (isFirst) break
      history.clear()
      continue
    }

    history.learn(x, nextX, gradient, nextGradient)
    const gain = value - nextValue
    const scale = Math.max(Math.abs(value), Math.abs(nextValue), 1)
    x.set(nextX)
    gradient.set(nextGradient)
    value = nextValue
    if (gain <= valueTolerance * scale) break
  }
  return { x, value }
}

/** Where the parabola through two values and a slope is least, kept between a tenth and a half. */
function shrinkage(value: number, nextValue: number, slope: number): number {
  if (!Number.isFinite(nextValue)) return 0.1
  const least = -slope / (2 * (nextValue - value - slope))
  return Math.min(Math.max(least, 0.1), 0.5)
}

/** Copies the gradient without the coordinates that a bound holds; its largest coordinate, none counting beyond the bound. */
function freeGradient(
  x: Float64Array,
  gradient: Float64Array,
  lower: Float64Array | undefined,
  upper: Float64Array | undefined,
  into: Float64Array,
): number {
  let largest = 0
  for (let i = 0; i < x.length; i++) {
    into[i] = isPinned(x, gradient, lower, upper, i) ? 0 : gradient[i]
    const room = gradient[i] > 0 ? x[i] - (lower?.[i] ?? -Infinity) : (upper?.[i] ?? Infinity) - x[i]
    largest = Math.max(largest, Math.min(Math.abs(into[i]), room))
  }
  return largest
}

function isPinned(
  x: Float64Array,
  gradient: Float64Array,
  lower: Float64Array | undefined,
  upper: Float64Array | undefined,
  i: number,
): boolean {
  if (lower !== undefined && x[i] <= lower[i] && gradient[i] > 0) return true
  return upper !== undefined && x[i] >= upper[i] && gradient[i] < 0
}

function clipInto(
  x: Float64Array,
  lower: Float64Array | undefined,
  upper: Float64Array | undefined,
): Float64Array {
  for (let i = 0; i < x.length; i++) {
    if (lower !== undefined && x[i] < lower[i]) x[i] = lower[i]
    if (upper !== undefined && x[i] > upper[i]) x[i] = upper[i]
  }
  return x
}

/** The inverse of the Hessian as the last steps show it. */
class Curvature {
  count = 0
  readonly #steps: readonly Float64Array[]
  readonly #changes: readonly Float64Array[]
  readonly #products = new Float64Array(MEMORY)
  readonly #shares = new Float64Array(MEMORY)
  readonly #size: number

  constructor(size: number) {
    this.#size = size
    this.#steps = Array.from({ length: MEMORY }, () => new Float64Array(size))
    this.#changes = Array.from({ length: MEMORY }, () => new Float64Array(size))
  }

  clear(): void {
    this.count = 0
  }

  learn(x: Float64Array, nextX: Float64Array, gradient: Float64Array, nextGradient: Float64Array): void {
    let product = 0
    let square = 0
    for (let i = 0; i < this.#size; i++) {
      const change = nextGradient[i] - gradient[i]
      product += (nextX[i] - x[i]) * change
      square += change * change
    }
    // a pair without positive curvature would spoil the rest
    if (!(product > 1e-10 * square)) return
    const slot = this.count++ % MEMORY
    this.#products[slot] = product
    const [step, change] = [this.#steps[slot], this.#changes[slot]]
    for (let i = 0; i < this.#size; i++) {
      step[i] = nextX[i] - x[i]
      change[i] = nextGradient[i] - gradient[i]
    }
  }

  /** Replaces a gradient by the inverse Hessian times it; leaves it alone as long as nothing is known. */
  multiply(vector: Float64Array): void {
    if (this.count === 0) return
    const oldest = Math.max(0, this.count - MEMORY)
    for (let k = this.count - 1; k >= oldest; k--) {
      const slot = k % MEMORY
      this.#shares[slot] = dot(this.#steps[slot], 0, vector, 0, this.#size) / this.#products[slot]
      addScaled(vector, this.#changes[slot], -this.#shares[slot])
    }
    const last = (this.count - 1) % MEMORY
    const scale = this.#products[last] / dot(this.#changes[last], 0, this.#changes[last], 0, this.#size)
    for (let i = 0; i < this.#size; i++) vector[i] *= scale
    for (let k = oldest; k < this.count; k++) {
      const slot = k % MEMORY
      const share = dot(this.#changes[slot], 0, vector, 0, this.#size) / this.#products[slot]
      addScaled(vector, this.#steps[slot], this.#shares[slot] - share)
    }
  }
}

function addScaled(vector: Float64Array, other: Float64Array, scale: number): void {
  for (let i = 0; i < vector.length; i++) vector[i] += scale * other[i]
}
