import type { Matrix } from '../../math/matrix.ts'
import { completeParams } from '../parse-params.ts'
import type { Rows } from '../rows.ts'
import { AddressSpace, viewsOf } from '../threads/address-space.ts'
import { ARENAS_BYTES, giveBackArena, openArenas, takeArena } from '../threads/arenas.ts'
import { borrowMemory } from '../threads/lend-memory.ts'
import { startTeam, threadCountOf } from '../threads/team.ts'
import type { SharedMemory } from '../threads/webassembly.ts'
import { BIN_COLUMN, INTERLEAVE, INTERLEAVE_ROWS, type QuantileLayout, TILE_COLUMNS } from './quantile-job.ts'
import { checkValues, checkWeight, matrixOf } from './training-data.ts'

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

/**
 * A matrix whose cells are bin numbers: what trees are grown on. Made once, it serves any number of trainings
 * and threads. Bins of a column count from 0; the number after its last bin means missing.
 */
export interface QuantileMatrix {
  readonly rowCount: number
  readonly columnCount: number
  readonly maxBin: number
  readonly cuts: QuantileCuts
  /** Holds the codes; trainings take arenas in it. */
  readonly memory: SharedMemory
  /** Whether a code has 16 bits; 8 otherwise. */
  readonly isWide: boolean
  /** Address of the codes column after column. */
  readonly columnCodes: number
  /** Address of the codes row after row, `stride` codes a row. */
  readonly rowCodes: number
  /** The number of columns, filled up to a multiple of four. */
  readonly stride: number
}

/** Places of a column's cuts where codes have 8 bits, see `binColumn`. */
const NARROW_CUTS_WIDTH = 272

/** Cells from which on helpers pay. */
export const SHARED_CELLS = 200_000

/**
 * Puts every cell of a matrix into its bin, as XGBoost's `QuantileDMatrix` does: one bin for each distinct value
 * where a column has at most `maxBin` of them, else bins of equal weight (the pruning of Chen & Guestrin 2016,
 * https://arxiv.org/abs/1603.02754, appendix A, applied to the exact ranks).
 *
 * Differences from XGBoost: ranks are exact where it sketches, so that cuts are equal up to 8 × maxBin rows and
 * of less rank error beyond; and a column with missing values gets one bin less when `maxBin` is 256, so
 * that bins and "missing" fit in a byte. NaN is missing. Missing values and rows of weight 0 take no part in the
 * cuts; a value above the last cut goes to the last bin. A column without values has one bin.
 *
 * Memory: two codes a cell, of a byte each up to `maxBin` 256, else of two bytes. Cost O(cells): a radix sort of
 * each column.
 *
 * Errors: `TRAINING_DATA_INVALID`, `PARAM_INVALID`, and `MEMORY_TOO_SMALL` past 4 GiB.
 *
 * @param options `maxBin` (256), `weight` of each row (1), `nJobs` threads (all cores)
 *
 * @example
 * quantileMatrix({ rowCount: 3, columnCount: 1, values: Float32Array.of(5, 1, 5) }).cuts.offsets // Int32Array [0, 2]
 */
export function quantileMatrix(
  rows: Rows,
  options: { maxBin?: number; weight?: ArrayLike<number>; nJobs?: number } = {},
): QuantileMatrix {
  const { maxBin = 256, weight, nJobs = 0 } = options
  completeParams({ maxBin, nJobs })
  const x = matrixOf(rows, 'the matrix')
  checkWeight(weight, x.rowCount)
  const { rowCount, columnCount } = x
  const isWide = maxBin > 256
  const codeBytes = isWide ? 2 : 1
  const stride = Math.ceil(columnCount / 4) * 4
  const space = new AddressSpace(ARENAS_BYTES)
  const columnCodes = space.take(columnCount * rowCount * codeBytes)
  const rowCodes = space.take(stride * rowCount * codeBytes)
  const memory = borrowMemory(space.end, 'the quantile matrix')
  openArenas(memory, space.end)
  const codes = { rowCount, columnCount, maxBin, memory, isWide, columnCodes, rowCodes, stride }
  const threadCount = rowCount * columnCount < SHARED_CELLS ? 1 : threadCountOf(nJobs)
  return Object.freeze({ ...codes, cuts: fillCodes(codes, x, weight, threadCount) })
}

/** Writes the codes of all columns, a tile of columns at a time, and returns the cuts. */
function fillCodes(
  codes: Omit<QuantileMatrix, 'cuts'>,
  x: Matrix,
  weight: ArrayLike<number> | undefined,
  threadCount: number,
): QuantileCuts {
  const { memory, rowCount, columnCount } = codes
  const { memory: _, ...places } = codes
  const size = scratchLayout(places, weight !== undefined, threadCount, 0).end
  const arena = takeArena(memory, size, 'the quantile matrix')
  const layout = scratchLayout(places, weight !== undefined, threadCount, arena)
  const { int32, float32 } = viewsOf(memory)
  if (weight !== undefined) float32.set(weight, layout.weights / 4)
  const team = startTeam('quantile', memory, layout, threadCount)
  try {
    for (let first = 0; first < columnCount; first += TILE_COLUMNS) {
      const width = Math.min(TILE_COLUMNS, columnCount - first)
      transpose(float32, layout.tile / 4, x, first, width)
      int32[layout.firstColumn / 4] = first
      team.run(BIN_COLUMN, width)
      // it knows where, and says so
      if (hasOutliers(int32, layout, first, width)) checkValues(x, 'the matrix')
    }
    team.run(INTERLEAVE, Math.ceil(rowCount / INTERLEAVE_ROWS))
    return readCuts(layout, int32, float32)
  } finally {
    team.end()
    giveBackArena(memory, arena)
  }
}

function scratchLayout(
  codes: Omit<QuantileMatrix, 'cuts' | 'memory'>,
  isWeighted: boolean,
  threadCount: number,
  begin: number,
): QuantileLayout & { end: number } {
  const { rowCount, columnCount, maxBin } = codes
  const cutsWidth = codes.isWide ? 2 ** Math.ceil(Math.log2(maxBin)) : NARROW_CUTS_WIDTH
  const space = new AddressSpace(begin)
  const perThread = (bytes: number): number[] => Array.from({ length: threadCount }, () => space.take(bytes))
  return {
    ...codes,
    firstColumn: space.take(4),
    tile: space.take(4 * rowCount * Math.min(TILE_COLUMNS, columnCount)),
    weights: isWeighted ? space.take(4 * rowCount) : 0,
    cutsWidth,
    cuts: space.take(4 * cutsWidth * columnCount),
    info: space.take(16 * columnCount),
    first: perThread(8 * rowCount + 8),
    second: perThread(8 * rowCount + 8),
    counters: perThread(24 * 1024),
    end: space.end,
  }
}

/** Rows that are copied together, so that their cache lines are read once. */
const TRANSPOSED_ROWS = 256

/** Copies some columns of the matrix, one after the other, to place `to`. */
function transpose(out: Float32Array, to: number, x: Matrix, first: number, width: number): void {
  const { rowCount, columnCount, values } = x
  for (let begin = 0; begin < rowCount; begin += TRANSPOSED_ROWS) {
    const end = Math.min(begin + TRANSPOSED_ROWS, rowCount) * columnCount
    for (let f = 0; f < width; f++) {
      let place = to + f * rowCount + begin
      for (let cell = begin * columnCount + first + f; cell < end; cell += columnCount) {
        out[place++] = values[cell]
      }
    }
  }
}

/** Whether a column of the tile has a value that no cut could be above. */
function hasOutliers(int32: Int32Array, { info }: QuantileLayout, first: number, width: number): boolean {
  const counts = Array.from({ length: width }, (_, f) => int32[info / 4 + 4 * (first + f) + 3])
  return counts.some((count) => count > 0)
}

function readCuts(layout: QuantileLayout, int32: Int32Array, float32: Float32Array): QuantileCuts {
  const { columnCount, cutsWidth, cuts, info } = layout
  const offsets = new Int32Array(columnCount + 1)
  for (let f = 0; f < columnCount; f++) offsets[f + 1] = offsets[f] + int32[info / 4 + 4 * f]
  const values = new Float32Array(offsets[columnCount])
  const minValues = new Float32Array(columnCount)
  const hasMissing = new Uint8Array(columnCount)
  for (let f = 0; f < columnCount; f++) {
    const from = cuts / 4 + f * cutsWidth
    values.set(float32.subarray(from, from + offsets[f + 1] - offsets[f]), offsets[f])
    hasMissing[f] = int32[info / 4 + 4 * f + 1]
    minValues[f] = float32[info / 4 + 4 * f + 2]
  }
  return { offsets, values, minValues, hasMissing }
}
