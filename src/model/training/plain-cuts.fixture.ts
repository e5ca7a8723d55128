// For tests only: cuts and codes by sorting and searching, written to be read.
import type { Matrix } from '../../math/matrix.ts'
import type { QuantileCuts } from './quantile-matrix.ts'

/** A code of 8 bits holds 256 bins, or 255 and "missing". */
const BYTE_BINS = 256

/** Added to the size of the outermost values to set bounds apart from them; sums are rounded to float32 once. */
const MARGIN = Math.fround(1e-5)

/** The cuts that `quantileMatrix` documents. */
export function plainCuts(x: Matrix, maxBin: number, weight?: Float32Array): QuantileCuts {
  const { rowCount, columnCount } = x
  const offsets = new Int32Array(columnCount + 1)
  const minValues = new Float32Array(columnCount)
  const hasMissing = new Uint8Array(columnCount)
  const values: number[] = []
  for (let f = 0; f < columnCount; f++) {
    const column = Array.from({ length: rowCount }, (_, row) => x.values[row * columnCount + f])
    hasMissing[f] = column.some(Number.isNaN) ? 1 : 0
    const summary = summarise(column, weight)
    const cap = hasMissing[f] === 1 && maxBin === BYTE_BINS ? maxBin - 1 : maxBin
    values.push(...cutsOf(summary, cap))
    const smallest = summary.values[0] ?? 0
    minValues[f] = smallest - (Math.abs(smallest) + MARGIN)
    offsets[f + 1] = values.length
  }
  return { offsets, values: Float32Array.from(values), minValues, hasMissing }
}

/** The code of every value, column after column: the first bin whose bound is above it. */
export function plainCodes(x: Matrix, cuts: QuantileCuts): Uint16Array[] {
  return Array.from({ length: x.columnCount }, (_, f) => {
    const bounds = cuts.values.subarray(cuts.offsets[f], cuts.offsets[f + 1])
    return Uint16Array.from({ length: x.rowCount }, (_, row) =>
      codeOf(x.values[row * x.columnCount + f], bounds),
    )
  })
}

/** The number after the last bin means missing; a value above all bounds goes to the last bin. */
function codeOf(value: number, bounds: Float32Array): number {
  return Number.isNaN(value) ? bounds.length : Math.min(upperBound(bounds, value), bounds.length - 1)
}

/** Index of the first number that is above `value`, or the length. */
export function upperBound(sorted: Float32Array, value: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sorted[middle] > value) high = middle
    else low = middle + 1
  }
  return low
}

/** Distinct values in ascending order; the weight of rows below value `i` is `rank[i]`. */
interface Summary {
  readonly values: readonly number[]
  /** One more than there are values. */
  readonly rank: readonly number[]
}

function summarise(column: readonly number[], weight: Float32Array | undefined): Summary {
  const weights = new Map<number, number>()
  column.forEach((value, row) => {
    const added = weight === undefined ? 1 : weight[row]
    // a map takes -0 for 0
    if (!Number.isNaN(value) && added > 0) weights.set(value, (weights.get(value) ?? 0) + added)
  })
  const values = [...weights.keys()].sort((a, b) => a - b)
  const rank = [0]
  for (const value of values) rank.push(rank[rank.length - 1] + (weights.get(value) ?? 0))
  return { values, rank }
}

/** The smallest value opens the first bin without a cut; a last cut above the largest closes the last. */
function cutsOf(summary: Summary, maxBin: number): number[] {
  const kept = prune(summary, maxBin + 1)
  const inner = kept.slice(1, Math.min(kept.length, maxBin)).map((i) => summary.values[i])
  const largest = summary.values.at(-1) ?? 0
  return [...inner, largest + (Math.abs(largest) + MARGIN)]
}

/**
 * Indices of at most `size` values, the first and the last among them and the others nearest to evenly spaced
 * ranks. float32 where XGBoost's `WQSummary::SetPrune` is, so that ties fall alike.
 */
function prune({ values, rank }: Summary, size: number): number[] {
  const last = values.length - 1
  if (last < size) return values.map((_, i) => i)
  const { fround } = Math
  const begin = rank[1]
  const range = fround(rank[last] - begin)
  const steps = size - 1
  const kept = [0]
  let i = 1
  for (let step = 1; step < steps; step++) {
    const twice = 2 * fround(fround(fround(step * range) / steps) + begin)
    while (i < last && twice >= fround(rank[i + 2] + rank[i + 1])) i++
    if (i === last) break
    // value i ends where value i + 1 begins: the rank lies nearer to the one or the other
    const nearest = twice < fround(rank[i + 1] + rank[i + 1]) ? i : i + 1
    if (kept[kept.length - 1] !== nearest) kept.push(nearest)
  }
  if (kept[kept.length - 1] !== last) kept.push(last)
  return kept
}
