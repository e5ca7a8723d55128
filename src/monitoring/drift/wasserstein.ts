import type { Vector } from '../../math/index.ts'
import { sortedValues } from './ks-test.ts'

/**
 * The first Wasserstein distance ∫ |F − G| between two samples: how far a value must be moved on average to turn one
 * into the other, in the values' own unit. SciPy's `wasserstein_distance`. NaN is left out; an empty side or an
 * infinity gives NaN. Cost O(n log n).
 *
 * @example
 * wassersteinDistance([0, 1, 3], [5, 6, 8]) // 5
 */
export function wassersteinDistance(reference: Vector, current: Vector): number {
  const [a, b] = [sortedValues(reference), sortedValues(current)]
  const [n, m] = [a.length, b.length]
  if (n === 0 || m === 0 || ![a[0], b[0], a[n - 1], b[m - 1]].every(Number.isFinite)) return Number.NaN
  let distance = 0
  let last = Math.min(a[0]!, b[0]!)
  for (let i = 0, j = 0; i < n || j < m; ) {
    const value = Math.min(a[i] ?? Infinity, b[j] ?? Infinity)
    distance += Math.abs(i / n - j / m) * (value - last)
    while (i < n && a[i] === value) i++
    while (j < m && b[j] === value) j++
    last = value
  }
  return distance
}
