import type { Random } from '../math/random.ts'

/** Weights made ready for drawing: Walker's alias table as Vose builds it, one uniform a draw. */
export interface Choice {
  readonly accept: Float64Array
  readonly alias: Int32Array
}

/** Prepares weights (≥ 0, at least one positive) for `choose`. Cost O(n). */
export function createChoice(weights: ArrayLike<number>): Choice {
  const n = weights.length
  const accept = new Float64Array(n)
  const alias = new Int32Array(n)
  let total = 0
  for (let i = 0; i < n; i++) total += weights[i]!
  const small: number[] = []
  const large: number[] = []
  for (let i = 0; i < n; i++) {
    accept[i] = (weights[i]! * n) / total
    alias[i] = i
    ;(accept[i]! < 1 ? small : large).push(i)
  }
  while (small.length > 0 && large.length > 0) {
    const low = small.pop()!
    const high = large.pop()!
    alias[low] = high
    accept[high] = accept[high]! + accept[low]! - 1
    ;(accept[high]! < 1 ? small : large).push(high)
  }
  // what rounding left over is accepted always
  for (const rest of [...small, ...large]) accept[rest] = 1
  return { accept, alias }
}

/** An index with the probability of its weight. Cost O(1). */
export function choose(choice: Choice, random: Random): number {
  const scaled = random.next() * choice.accept.length
  const index = Math.floor(scaled)
  return scaled - index < choice.accept[index]! ? index : choice.alias[index]!
}

/** An index below `length` that prefers small ones: popular merchants stand first. */
export function skewedIndex(length: number, uniform: number): number {
  return Math.floor(length * uniform ** 1.5)
}

/** A number in [0, 1) that depends on its three arguments alone: habits that need no memory. */
export function hashUniform(a: number, b: number, c: number): number {
  let h = Math.imul(a + 1, 0x9e3779b1) ^ Math.imul(b + 1, 0x85ebca6b) ^ Math.imul(c + 1, 0xc2b2ae35)
  h = Math.imul(h ^ (h >>> 16), 0x21f0aaad)
  h = Math.imul(h ^ (h >>> 15), 0x735a2d97)
  return ((h ^ (h >>> 15)) >>> 0) / 0x100000000
}

/** A uniform number in [from, to). */
export function between(from: number, to: number, random: Random): number {
  return from + (to - from) * random.next()
}

/** A whole number from `from` to `to`, both included. */
export function wholeBetween(from: number, to: number, random: Random): number {
  return from + random.int(to - from + 1)
}
