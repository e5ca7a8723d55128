import type { Ranked } from './ranked.ts'
import { sortFinite } from './sort-finite.ts'

const CAPACITY = 4096
const HALF = CAPACITY / 2

/**
 * Ranks of a stream of numbers in little memory. Every 4,096 values are sorted and halved, the odd or the even ones
 * in turn; two halves of one level are merged and halved again, each value then standing for twice as many rows
 * (Manku, Rajagopalan and Lindsay 1998; Agarwal and others 2012, without chance). A halving on level h puts a rank
 * out by at most 2^h rows, and halvings of one level in turn by no more than every other one of them: over any order
 * of the values the error is at most n / 8192 rows a level, about log2(n / 4096) levels; `error` says it. Up to 4,096
 * values nothing is lost. Memory 32 KiB and 16 KiB a level.
 */
export class SketchBuilder {
  readonly #buffer = new Float64Array(CAPACITY)
  #filled = 0
  readonly #levels: (Float64Array | undefined)[] = []
  readonly #halvings: number[] = []

  /** NaN and infinities are passed over; −0 is 0. */
  add(values: ArrayLike<number>): void {
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!
      if (value - value !== 0) continue
      this.#buffer[this.#filled++] = value
      if (this.#filled === CAPACITY) {
        this.#filled = 0
        this.#carry(this.#halve(sortFinite(this.#buffer), 0), 0)
      }
    }
  }

  /** Rows by which a rank may be wrong at most. */
  get error(): number {
    return this.#halvings.reduce((sum, halvings, level) => sum + 2 ** level * Math.ceil(halvings / 2), 0)
  }

  /** What is left of the values, in order. Cost O(values left × log). */
  ranked(): Ranked {
    const runs = [{ values: sortFinite(this.#buffer.subarray(0, this.#filled)), weight: 1 }]
    for (const [level, values] of this.#levels.entries()) {
      if (values) runs.push({ values, weight: 2 ** (level + 1) })
    }
    const points = runs.flatMap(({ values, weight }) => Array.from(values, (value) => ({ value, weight })))
    points.sort((a, b) => a.value - b.value)
    return {
      values: Float64Array.from(points, ({ value }) => value),
      weights: Float64Array.from(points, ({ weight }) => weight),
      rows: points.reduce((sum, { weight }) => sum + weight, 0),
    }
  }

  #carry(half: Float64Array, level: number): void {
    const waiting = this.#levels[level]
    this.#levels[level] = waiting ? undefined : half
    if (waiting) this.#carry(this.#halve(merge(waiting, half), level + 1), level + 1)
  }

  /** Every other value of a level, the first or the second ones in turn. */
  #halve(sorted: Float64Array, level: number): Float64Array {
    const turn = this.#halvings[level] ?? 0
    this.#halvings[level] = turn + 1
    const start = turn % 2
    return Float64Array.from({ length: HALF }, (_, i) => sorted[2 * i + start]!)
  }
}

function merge(a: Float64Array, b: Float64Array): Float64Array {
  const merged = new Float64Array(a.length + b.length)
  let [i, j] = [0, 0]
  for (let k = 0; k < merged.length; k++) {
    const fromA = j === b.length || (i < a.length && a[i]! <= b[j]!)
    merged[k] = fromA ? a[i++]! : b[j++]!
  }
  return merged
}
