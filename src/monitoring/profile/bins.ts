import { distinctUpTo, quantileOf, type Ranked } from './ranked.ts'
import { sortFinite } from './sort-finite.ts'

/** Bins of a column in a profile. */
export const DECILES = 10

/**
 * Cuts that part the values into bins, ascending and different; bin i holds the values in (cut i−1, cut i]. NaN
 * and infinities have no part in it. More different values than bins: the quantiles at 1/bins, 2/bins, …
 * (R-7, as NumPy's default), equal ones once. At most `bins` different values: one bin a value and one on either
 * side for what the reference never had. Cost O(n).
 *
 * @example
 * binCuts(Float64Array.of(1, 2, 3, 4, 5), 2) // [ 3 ]
 */
export function binCuts(values: ArrayLike<number>, bins: number): number[] {
  const sorted = sortFinite(values)
  return cutsOf({ values: sorted, rows: sorted.length }, bins)
}

/** `binCuts` of values that are sorted, or sketched. */
export function cutsOf(ranked: Ranked, bins: number): number[] {
  if (ranked.rows === 0) return []
  const few = distinctUpTo(ranked, bins)
  if (few) return [below(few[0]!), ...few].filter(Number.isFinite)
  const cuts = Array.from({ length: bins - 1 }, (_, i) => quantileOf(ranked, (i + 1) / bins))
  return [...new Set(cuts)]
}

/**
 * Counts values by bin. The last count but one is of values above the last cut, the last of missing ones (NaN).
 * Cost O(n log cuts).
 *
 * @example
 * countInBins([1, 2, 3, NaN], [2]) // Float64Array [2, 1, 1]
 */
export function countInBins(values: ArrayLike<number>, cuts: readonly number[]): Float64Array {
  const levels = Math.ceil(Math.log2(cuts.length + 1))
  // 2^levels − 1 edges make a search without branches; no value lies above an infinite one
  const edges = new Float64Array(2 ** levels - 1).fill(Number.POSITIVE_INFINITY)
  edges.set(cuts)
  const found = new Float64Array(edges.length + 1)
  const missing = levels === 4 ? countInSixteen(values, edges, found) : countByHalving(values, edges, found)
  // NaN is above no edge
  found[0]! -= missing
  const counts = new Float64Array(cuts.length + 2)
  counts.set(found.subarray(0, cuts.length + 1))
  counts[cuts.length + 1] = missing
  return counts
}

/** The search of `countByHalving` for eight to fifteen cuts, which deciles are, written out: three times as fast. */
function countInSixteen(values: ArrayLike<number>, edges: Float64Array, found: Float64Array): number {
  let missing = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    let bin = Number(value > edges[7]!) << 3
    bin += Number(value > edges[bin + 3]!) << 2
    bin += Number(value > edges[bin + 1]!) << 1
    bin += Number(value > edges[bin]!)
    found[bin]! += 1
    missing += Number(Number.isNaN(value))
  }
  return missing
}

function countByHalving(values: ArrayLike<number>, edges: Float64Array, found: Float64Array): number {
  const middle = (edges.length + 1) >> 1
  let missing = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    let bin = 0
    for (let half = middle; half > 0; half >>= 1) bin += Number(value > edges[bin + half - 1]!) * half
    found[bin]! += 1
    missing += Number(Number.isNaN(value))
  }
  return missing
}

/** The largest number below x; −Infinity below the smallest. */
function below(x: number): number {
  if (x === 0) return -Number.MIN_VALUE
  const bits = new BigInt64Array(new Float64Array([x]).buffer)
  bits[0]! += x > 0 ? -1n : 1n
  return new Float64Array(bits.buffer)[0]!
}
