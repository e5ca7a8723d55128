import { chiSquareTest } from './chi-square.ts'
import { binShares, fillZeros, histogram, sturgesEdges } from './evidently-bins.ts'
import type { EvidentlyType } from './evidently-types.ts'
import { countValues, leastKey, rowsOf, type Values } from './evidently-values.ts'
import { hellingerDistance, jensenShannonDistance, klDivergence } from './share-distances.ts'
import { wassersteinDistance } from './wasserstein.ts'
import { zTest } from './z-test.ts'

/** Both sides of a column without what is missing. */
export interface Sides {
  readonly reference: Values
  readonly current: Values
  readonly type: EvidentlyType
}

/** Σ (r − c) ln(r / c) over Evidently's bins, empty ones filled. Null without a range for bins. */
export function psi({ reference, current, type }: Sides): number | null {
  const shares = binShares(reference, current, type)
  if (!shares) return null
  const [before, after] = [fillZeros(shares.reference), fillZeros(shares.current)]
  return before.reduce((sum, share, i) => sum + (share - after[i]!) * Math.log(share / after[i]!), 0)
}

/** The divergence over Evidently's bins, empty ones filled. Null without a range for bins. */
export function kullbackLeibler({ reference, current, type }: Sides): number | null {
  const shares = binShares(reference, current, type)
  return shares && klDivergence(fillZeros(shares.reference), fillZeros(shares.current))
}

/** The distance over Evidently's bins. Null without a range for bins. */
export function jensenShannon({ reference, current, type }: Sides): number | null {
  const shares = binShares(reference, current, type)
  return shares && jensenShannonDistance(shares.reference, shares.current)
}

/**
 * The distance over the values of a category, and for numbers over bins of equal width that Sturges' rule cuts from
 * the different values, not from the rows. Null without a range for bins.
 */
export function hellinger({ reference, current, type }: Sides): number | null {
  const counts = countValues(reference, current)
  if (type === 'cat' || reference.kind !== 'numbers' || current.kind !== 'numbers') {
    return hellingerDistance(counts.reference, counts.current)
  }
  const different = Float64Array.from(counts.keys as readonly number[])
  const edges = sturgesEdges([different], reference.areWhole && current.areWhole)
  return edges && hellingerDistance(histogram(reference.values, edges), histogram(current.values, edges))
}

/** The test of the current counts against the reference's shares as if these were exact. */
export function chiSquare({ reference, current }: Sides): number {
  const counts = countValues(reference, current)
  const scale = rowsOf(current) / rowsOf(reference)
  return chiSquareTest(
    counts.current,
    counts.reference.map((count) => count * scale),
  ).pValue
}

/** The test of the share of all values but the first in order. Null for numbers beside texts, which have no order. */
export function zOfOthers({ reference, current }: Sides): number | null {
  const { keys, ...counts } = countValues(reference, current)
  const least = leastKey(keys)
  if (least === null) return null
  const first = keys.indexOf(least)
  const others = (values: Values, side: 'reference' | 'current') => {
    const rows = rowsOf(values)
    return { count: rows - counts[side][first]!, rows }
  }
  return zTest(others(reference, 'reference'), others(current, 'current')).pValue
}

/**
 * The distance in standard deviations (over n) of the reference, or in 0.001 where that is more. A lone infinity on
 * either end of the current values gives Infinity, any other infinities NaN, as SciPy's differences do.
 */
export function normedWasserstein(reference: Float64Array, current: Float64Array): number {
  const mean = reference.reduce((sum, value) => sum + value, 0) / reference.length
  const variance = reference.reduce((sum, value) => sum + (value - mean) ** 2, 0) / reference.length
  const infinities = current.filter((value) => !Number.isFinite(value))
  const areAlone = infinities.length > 0 && new Set(infinities).size === infinities.length
  const distance = areAlone ? Number.POSITIVE_INFINITY : wassersteinDistance(reference, current)
  return distance / Math.max(Math.sqrt(variance), 0.001)
}
