/**
 * Cuts that part the values into bins, ascending and different; bin i holds the values in (cut i−1, cut i]. NaN
 * and infinities have no part in it. More different values than bins: the quantiles at 1/bins, 2/bins, …
 * (R-7, as NumPy's default), equal ones once. At most `bins` different values: one bin a value and one on either
 * side for what the reference never had. Cost O(n log n).
 *
 * @example
 * binCuts(Float64Array.of(1, 2, 3, 4, 5), 2) // [ 3 ]
 */
export function binCuts(values: ArrayLike<number>, bins: number): number[] {
  const sorted = finiteValues(values).sort()
  if (sorted.length === 0) return []
  const few = distinctUpTo(sorted, bins)
  if (few) return [below(few[0]!), ...few]
  const cuts = Array.from({ length: bins - 1 }, (_, i) => quantile(sorted, (i + 1) / bins))
  return [...new Set(cuts)]
}

/**
 * Counts values by bin. The last count but one is of values above the last cut, the last of missing ones (NaN).
 *
 * @example
 * countInBins([1, 2, 3, NaN], [2]) // Float64Array [2, 1, 1]
 */
export function countInBins(values: ArrayLike<number>, cuts: readonly number[]): Float64Array {
  const edges = Float64Array.from(cuts)
  const counts = new Float64Array(edges.length + 2)
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    let bin = 0
    if (Number.isNaN(value)) bin = edges.length + 1
    else while (bin < edges.length && value > edges[bin]!) bin++
    counts[bin]! += 1
  }
  return counts
}

function finiteValues(values: ArrayLike<number>): Float64Array {
  const kept = new Float64Array(values.length)
  let count = 0
  for (let i = 0; i < values.length; i++) if (Number.isFinite(values[i])) kept[count++] = values[i]!
  return kept.subarray(0, count)
}

/** The distinct values if there are at most `most`, else undefined. */
function distinctUpTo(sorted: Float64Array, most: number): number[] | undefined {
  const distinct: number[] = []
  for (let i = 0; i < sorted.length; i++) {
    if (i > 0 && sorted[i] === sorted[i - 1]) continue
    if (distinct.length === most) return undefined
    distinct.push(sorted[i]!)
  }
  return distinct
}

function quantile(sorted: Float64Array, share: number): number {
  const position = (sorted.length - 1) * share
  const index = Math.floor(position)
  const [lower, upper] = [sorted[index]!, sorted[Math.min(index + 1, sorted.length - 1)]!]
  return lower + (upper - lower) * (position - index)
}

/** The largest number below x. */
function below(x: number): number {
  if (x === 0) return -Number.MIN_VALUE
  const bits = new BigInt64Array(new Float64Array([x]).buffer)
  bits[0]! += x > 0 ? -1n : 1n
  return new Float64Array(bits.buffer)[0]!
}
