import type { BinnedMatrix } from './binned-matrix.ts'

/** Sums of gradient (even index) and hessian (odd index) in every slot of every column. */
export type Histogram = Float64Array

export function createHistogram(binned: BinnedMatrix): Histogram {
  return new Float64Array(2 * binned.slotCount)
}

/**
 * Adds up gradients and hessians of the rows `rows[begin..end)` in every bin. Sums are float64 over float32
 * terms in row order, as in XGBoost. Cost O(rows × columns); allocates nothing.
 *
 * @param gradients gradient and hessian of each row, interleaved
 */
export function buildHistogram(
  histogram: Histogram,
  binned: BinnedMatrix,
  gradients: Float32Array,
  rows: Int32Array,
  begin: number,
  end: number,
): void {
  histogram.fill(0)
  const add = binned.columnsPerWord === 4 ? addFourColumns : addTwoColumns
  for (let first = 0; first < binned.columnCount; first += binned.columnsPerWord) {
    add(histogram, binned, gradients, rows, begin, end, first)
  }
}

/** Turns a parent's histogram into that of one child, given the other's. Cost O(slots). */
export function subtractHistogram(parent: Histogram, child: Histogram): void {
  for (let i = 0; i < parent.length; i++) parent[i] -= child[i]
}

/** Columns `first` to `first + 3`, whose codes are the bytes of a word. */
function addFourColumns(
  histogram: Histogram,
  binned: BinnedMatrix,
  gradients: Float32Array,
  rows: Int32Array,
  begin: number,
  end: number,
  first: number,
): void {
  const { words, slotOffsets, rowCount } = binned
  const firstWord = (first >> 2) * rowCount
  const start0 = slotOffsets[first] << 1
  const start1 = slotOffsets[first + 1] << 1
  const start2 = slotOffsets[first + 2] << 1
  const start3 = slotOffsets[first + 3] << 1
  for (let i = begin; i < end; i++) {
    const row = rows[i]
    const gradient = gradients[row << 1]
    const hessian = gradients[(row << 1) + 1]
    const word = words[firstWord + row]
    // each byte times two, as a slot has two sums
    const slot0 = start0 + ((word << 1) & 0x1fe)
    const slot1 = start1 + ((word >>> 7) & 0x1fe)
    const slot2 = start2 + ((word >>> 15) & 0x1fe)
    const slot3 = start3 + ((word >>> 23) & 0x1fe)
    histogram[slot0] += gradient
    histogram[slot0 + 1] += hessian
    histogram[slot1] += gradient
    histogram[slot1 + 1] += hessian
    histogram[slot2] += gradient
    histogram[slot2 + 1] += hessian
    histogram[slot3] += gradient
    histogram[slot3 + 1] += hessian
  }
}

/** Columns `first` and `first + 1`, whose codes are the halves of a word. */
function addTwoColumns(
  histogram: Histogram,
  binned: BinnedMatrix,
  gradients: Float32Array,
  rows: Int32Array,
  begin: number,
  end: number,
  first: number,
): void {
  const { words, slotOffsets, rowCount } = binned
  const firstWord = (first >> 1) * rowCount
  const start0 = slotOffsets[first] << 1
  const start1 = slotOffsets[first + 1] << 1
  for (let i = begin; i < end; i++) {
    const row = rows[i]
    const gradient = gradients[row << 1]
    const hessian = gradients[(row << 1) + 1]
    const word = words[firstWord + row]
    const slot0 = start0 + ((word << 1) & 0x1fffe)
    const slot1 = start1 + ((word >>> 15) & 0x1fffe)
    histogram[slot0] += gradient
    histogram[slot0 + 1] += hessian
    histogram[slot1] += gradient
    histogram[slot1 + 1] += hessian
  }
}
