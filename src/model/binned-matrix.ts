import type { Matrix } from '../math/matrix.ts'
import { type QuantileCuts, upperBound } from './quantile-cuts.ts'

/**
 * A matrix whose cells are bin numbers: what trees are grown on. Bins of column `f` count from 0; the number
 * after its last bin means missing.
 *
 * A 32-bit word holds four neighbouring columns of one row in 8 bits each, or two in 16 bits where a column
 * has more than 256 codes, first column lowest. Words lie group of columns after group of columns, row after
 * row: sums of four columns stay in the first-level cache, and a split reads rows that lie close together.
 */
export interface BinnedMatrix {
  readonly rowCount: number
  readonly columnCount: number
  /** Word of row `r` in group `k`: `words[k * rowCount + r]`. Columns that fill up the last group are 0. */
  readonly words: Uint32Array
  readonly columnsPerWord: 2 | 4
  readonly cuts: QuantileCuts
  /**
   * Where each column's sums lie in a histogram, counted in slots: its bins, then one slot for missing.
   * Columns that fill up the last group share one more slot at the end.
   */
  readonly slotOffsets: Int32Array
  readonly slotCount: number
}

/** Where a column's codes lie. */
export interface CodePlace {
  /** First word of the column's group. */
  readonly firstWord: number
  readonly shift: number
  readonly mask: number
}

/**
 * Puts each cell into its bin by binary search. A value above the last cut (its row had weight 0 when the
 * cuts were made) goes to the last bin, as in XGBoost. Cost O(cells × log bins).
 */
export function binMatrix(x: Matrix, cuts: QuantileCuts): BinnedMatrix {
  const { rowCount, columnCount } = x
  const columnsPerWord = widestCode(cuts) <= 256 ? 4 : 2
  const groupCount = Math.ceil(columnCount / columnsPerWord)
  const slotCount = cuts.offsets[columnCount] + columnCount + 1
  const slotOffsets = new Int32Array(groupCount * columnsPerWord).fill(slotCount - 1)
  slotOffsets.set(cuts.offsets.subarray(0, columnCount).map((offset, f) => offset + f))
  const words = new Uint32Array(groupCount * rowCount)
  const binned = { rowCount, columnCount, words, columnsPerWord, cuts, slotOffsets, slotCount } as const
  for (let f = 0; f < columnCount; f++) binColumn(words, placeOf(binned, f), x, f, cuts)
  return binned
}

/** Where to read the codes of a column: `(words[firstWord + row] >>> shift) & mask`. */
export function placeOf(binned: BinnedMatrix, column: number): CodePlace {
  const { rowCount, columnsPerWord } = binned
  const bits = 32 / columnsPerWord
  return {
    firstWord: Math.floor(column / columnsPerWord) * rowCount,
    shift: (column % columnsPerWord) * bits,
    mask: 2 ** bits - 1,
  }
}

/** The code that means missing. */
export function missingCode({ offsets }: QuantileCuts, column: number): number {
  return offsets[column + 1] - offsets[column]
}

function widestCode(cuts: QuantileCuts): number {
  const { offsets, hasMissing } = cuts
  return hasMissing.reduce((widest, missing, f) => Math.max(widest, offsets[f + 1] - offsets[f] + missing), 0)
}

function binColumn(
  words: Uint32Array,
  place: CodePlace,
  x: Matrix,
  column: number,
  cuts: QuantileCuts,
): void {
  const { rowCount, columnCount, values } = x
  const { firstWord, shift } = place
  const bounds = cuts.values
  const from = cuts.offsets[column]
  const to = cuts.offsets[column + 1]
  for (let row = 0, cell = column; row < rowCount; row++, cell += columnCount) {
    const value = values[cell]
    const code = Number.isNaN(value) ? to : Math.min(upperBound(bounds, from, to, value), to - 1)
    words[firstWord + row] |= (code - from) << shift
  }
}
