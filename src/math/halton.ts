import type { Random } from './random.ts'

/**
 * Points that fill the unit cube evenly, row after row: the Halton sequence, the digits of each dimension shuffled
 * by `random` (Owen 2017), so that the correlations of neighbouring large primes vanish. Every coordinate is in
 * [0, 1). The first n points of a longer sequence are the sequence of n points. Cost O(count × dimensions × digits).
 *
 * @example
 * haltonPoints({ count: 2, dimensions: 3, random: createRandom(1) }).length // 6
 */
export function haltonPoints(input: {
  readonly count: number
  readonly dimensions: number
  readonly random: Random
}): Float64Array {
  const { count, dimensions, random } = input
  const points = new Float64Array(count * dimensions)
  const primes = firstPrimes(dimensions)
  for (let d = 0; d < dimensions; d++) {
    const base = primes[d]
    let tail = 0
    // digits until the 53 bits of a number are spent; where all indices are 0 they add the same to every point
    for (let weight = 1 / base, divisor = 1; weight > 1e-16; weight /= base, divisor *= base) {
      const digits = shuffled(base, random)
      if (divisor >= count) tail += digits[0] * weight
      else
        for (let i = 0; i < count; i++)
          points[i * dimensions + d] += digits[Math.floor(i / divisor) % base] * weight
    }
    for (let i = d; i < points.length; i += dimensions) points[i] = Math.min(points[i] + tail, 1 - 2 ** -53)
  }
  return points
}

function shuffled(count: number, random: Random): Int32Array {
  const order = Int32Array.from({ length: count }, (_, i) => i)
  for (let i = count - 1; i > 0; i--) {
    const j = random.int(i + 1)
    const kept = order[i]
    order[i] = order[j]
    order[j] = kept
  }
  return order
}

function firstPrimes(count: number): readonly number[] {
  const primes: number[] = []
  for (let n = 2; primes.length < count; n++) if (primes.every((prime) => n % prime !== 0)) primes.push(n)
  return primes
}
