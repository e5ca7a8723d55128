import type { EvidentlyType } from './evidently-types.ts'
import { countValues, distinctCount, type Values } from './evidently-values.ts'

/** Shares of the rows by bin, the same bins on both sides. */
export interface BinShares {
  readonly reference: Float64Array
  readonly current: Float64Array
}

/** Numbers with at most so many different reference values get a bin each. */
const SEPARATE_VALUES = 20

/**
 * The bins of Evidently's PSI, Kullback-Leibler and Jensen-Shannon: numbers with more than 20 different reference
 * values in bins of equal width over both sides' range (Sturges' rule over both), else one bin a value. Null where
 * infinite numbers leave no range.
 */
export function binShares(reference: Values, current: Values, type: EvidentlyType): BinShares | null {
  const isBinned = type === 'num' && distinctCount([reference], SEPARATE_VALUES) > SEPARATE_VALUES
  if (isBinned && reference.kind === 'numbers' && current.kind === 'numbers') {
    const sides = [reference.values, current.values]
    const edges = sturgesEdges(sides, reference.areWhole && current.areWhole)
    if (!edges) return null
    const [before, after] = [histogram(reference.values, edges), histogram(current.values, edges)]
    return { reference: sharesOf(before), current: sharesOf(after) }
  }
  const counts = countValues(reference, current)
  return { reference: sharesOf(counts.reference), current: sharesOf(counts.current) }
}

/** Empty bins get a share of 1e-4, or a millionth of the side's least share where that is no more; nothing is rescaled. */
export function fillZeros(shares: Float64Array): Float64Array {
  const least = shares.reduce((least, share) => (share > 0 && share < least ? share : least), 1)
  const fill = least <= 0.0001 ? least / 1e6 : 0.0001
  return shares.map((share) => (share === 0 ? fill : share))
}

/**
 * NumPy's `histogram_bin_edges(values, 'sturges')`: bins of equal width, range / (log2 n + 1) rounded so that they
 * fill the range; whole numbers get no bin narrower than 1. Null for infinite values. Equal values: a bin of width 1.
 */
export function sturgesEdges(sides: readonly Float64Array[], areWhole: boolean): Float64Array | null {
  let [low, high, size] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0]
  for (const values of sides) {
    size += values.length
    for (const value of values) {
      if (value < low) low = value
      if (value > high) high = value
    }
  }
  if (!Number.isFinite(high - low)) return null
  if (low === high) return Float64Array.of(low - 0.5, high + 0.5)
  const width = (high - low) / (Math.log2(size) + 1)
  const bins = Math.ceil((high - low) / (areWhole && width < 1 ? 1 : width))
  const step = (high - low) / bins
  const edges = Float64Array.from({ length: bins + 1 }, (_, i) => i * step + low)
  edges[bins] = high
  return edges
}

/** Values by bin; a bin holds its lower edge, the last one both. */
export function histogram(values: Float64Array, edges: Float64Array): Float64Array {
  const bins = edges.length - 1
  const counts = new Float64Array(bins)
  const [low, high] = [edges[0]!, edges[bins]!]
  for (const value of values) {
    let bin = Math.min(bins - 1, Math.floor(((value - low) / (high - low)) * bins))
    if (value < edges[bin]!) bin--
    else if (bin < bins - 1 && value >= edges[bin + 1]!) bin++
    counts[bin]!++
  }
  return counts
}

function sharesOf(counts: Float64Array): Float64Array {
  const rows = counts.reduce((sum, count) => sum + count, 0)
  return counts.map((count) => count / rows)
}
