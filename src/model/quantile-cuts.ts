import type { Matrix } from '../math/matrix.ts'

/**
 * The bins of every column, column after column. Bin `b` of column `f` holds the values below
 * `values[offsets[f] + b]` that no earlier bin holds; the last bound lies above the largest value.
 */
export interface QuantileCuts {
  /** One more than there are columns: column `f` has bins `offsets[f]` to `offsets[f + 1]`. */
  readonly offsets: Int32Array
  readonly values: Float32Array
  /** A number below every value of the column: the threshold that splits missing from present. */
  readonly minValues: Float32Array
  /** 1 where the column has a missing value. */
  readonly hasMissing: Uint8Array
}

/** A bin code of 8 bits holds 256 bins, or 255 and "missing". */
const BYTE_BINS = 256

/** Added to the size of the outermost values to set bounds apart from them; sums are rounded to float32 once. */
const MARGIN = Math.fround(1e-5)

/**
 * Computes the bins of each column as XGBoost's `hist` does: one bin for each distinct value where these are
 * at most `maxBin`, else bins of equal weight (the pruning of Chen & Guestrin 2016,
 * https://arxiv.org/abs/1603.02754, appendix A, applied to the exact ranks).
 *
 * Differences from XGBoost: ranks are exact where it sketches, so that cuts are equal up to 8 × maxBin rows and
 * of less rank error beyond; and a column with missing values gets one bin less when `maxBin` is 256, so
 * that bins and "missing" fit in a byte. Missing values and rows of weight 0 take no part. A column without
 * values has one bin. Values must be finite. Cost O(rows × columns × log rows) to sort.
 */
export function quantileCuts(x: Matrix, maxBin: number, weight?: ArrayLike<number>): QuantileCuts {
  const { rowCount, columnCount, values } = x
  const offsets = new Int32Array(columnCount + 1)
  const minValues = new Float32Array(columnCount)
  const hasMissing = new Uint8Array(columnCount)
  const cuts: Float32Array[] = []
  const column = new Float32Array(rowCount)

  for (let f = 0; f < columnCount; f++) {
    let present = 0
    let missing = 0
    for (let row = 0, cell = f; row < rowCount; row++, cell += columnCount) {
      const value = values[cell]
      if (Number.isNaN(value)) missing++
      else if (weight === undefined || weight[row] > 0) column[present++] = value
    }
    hasMissing[f] = missing > 0 ? 1 : 0
    const summary = summarise(column.subarray(0, present).sort())
    if (weight !== undefined) weighSummary(summary, x, f, weight)
    const cap = missing > 0 && maxBin === BYTE_BINS ? maxBin - 1 : maxBin
    cuts.push(cutsOf(summary, cap))
    const smallest = summary.values[0] ?? 0
    minValues[f] = smallest - (Math.abs(smallest) + MARGIN)
    offsets[f + 1] = offsets[f] + cuts[f].length
  }
  return { offsets, values: concatenate(cuts, offsets[columnCount]), minValues, hasMissing }
}

/** Distinct values in ascending order; the weight of rows below value `i` is `rank[i]`. */
interface Summary {
  readonly values: Float32Array
  /** One more than there are values. */
  readonly rank: Float64Array
}

function summarise(sorted: Float32Array): Summary {
  const values = new Float32Array(sorted.length)
  const rank = new Float64Array(sorted.length + 1)
  let size = 0
  for (let i = 0; i < sorted.length; i++) {
    // + 0 makes -0, which sorts before 0 and equals it, a plain 0
    if (size === 0 || sorted[i] !== values[size - 1]) values[size++] = sorted[i] + 0
    rank[size] = i + 1
  }
  return { values: values.slice(0, size), rank: rank.slice(0, size + 1) }
}

/** Replaces the ranks that count rows by ranks that add their weights. */
function weighSummary(summary: Summary, x: Matrix, column: number, weight: ArrayLike<number>): void {
  const { values, rank } = summary
  rank.fill(0)
  for (let row = 0; row < x.rowCount; row++) {
    const value = x.values[row * x.columnCount + column]
    if (!Number.isNaN(value) && weight[row] > 0)
      rank[upperBound(values, 0, values.length, value)] += weight[row]
  }
  for (let i = 1; i < rank.length; i++) rank[i] += rank[i - 1]
}

/** Index of the first of `sorted[from..to)` that is above `value`, or `to`. Cost O(log n). */
export function upperBound(sorted: Float32Array, from: number, to: number, value: number): number {
  let low = from
  let high = to
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sorted[middle] > value) high = middle
    else low = middle + 1
  }
  return low
}

/** The smallest value opens the first bin without a cut; a last cut above the largest closes the last. */
function cutsOf(summary: Summary, maxBin: number): Float32Array {
  const kept = prune(summary, maxBin + 1)
  const inner = kept.slice(1, Math.min(kept.length, maxBin)).map((i) => summary.values[i])
  const largest = summary.values.at(-1) ?? 0
  return Float32Array.from([...inner, largest + (Math.abs(largest) + MARGIN)])
}

/**
 * Indices of at most `size` values, the first and the last among them and the others nearest to evenly
 * spaced ranks. float32 where XGBoost's `WQSummary::SetPrune` is, so that ties fall alike.
 */
function prune(summary: Summary, size: number): number[] {
  const { rank } = summary
  const last = summary.values.length - 1
  if (last < size) return Array.from({ length: last + 1 }, (_, i) => i)
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

function concatenate(parts: readonly Float32Array[], length: number): Float32Array {
  const whole = new Float32Array(length)
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.length
  }
  return whole
}
