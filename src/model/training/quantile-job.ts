import { viewsOf } from '../threads/address-space.ts'
import { loadKernels } from '../threads/load-kernels.ts'
import type { Task } from '../threads/team-jobs.ts'
import type { SharedMemory } from '../threads/webassembly.ts'

/** Columns that are cut and binned together: two cache lines of a row hold them. */
export const TILE_COLUMNS = 8

/** Rows of one `INTERLEAVE` task. */
export const INTERLEAVE_ROWS = 8192

/** Task: computes the cuts of one column of the tile and writes its codes. */
export const BIN_COLUMN = 0
/** Task: writes the codes of one block of rows row after row. */
export const INTERLEAVE = 1

/** Where things lie while codes are made; addresses in bytes. */
export interface QuantileLayout {
  readonly rowCount: number
  readonly columnCount: number
  readonly maxBin: number
  readonly isWide: boolean
  readonly stride: number
  readonly columnCodes: number
  readonly rowCodes: number
  /** Holds the number of the tile's first column, int32. */
  readonly firstColumn: number
  /** Some columns of float32, one after the other. */
  readonly tile: number
  /** float32 by row; 0 where all rows count alike. */
  readonly weights: number
  /** float32 for the cuts of each column: as the kernels that bin it need them. */
  readonly cutsWidth: number
  readonly cuts: number
  /** 16 bytes for each column, see `cutColumn`. */
  readonly info: number
  /** Scratch of each thread, see `cutColumn`. */
  readonly first: readonly number[]
  readonly second: readonly number[]
  readonly counters: readonly number[]
}

export function startQuantileJob(
  memory: SharedMemory,
  layout: QuantileLayout,
  thread: number,
): readonly Task[] {
  const kernels = loadKernels(memory)
  const { int32 } = viewsOf(memory)
  const { rowCount, columnCount, maxBin, isWide, stride, columnCodes, rowCodes, weights, cutsWidth } = layout
  const codeBytes = isWide ? 2 : 1

  const binColumn: Task = (index) => {
    const column = int32[layout.firstColumn / 4] + index
    const values = layout.tile + 4 * index * rowCount
    const cuts = layout.cuts + 4 * column * cutsWidth
    const info = layout.info + 16 * column
    const { first, second, counters } = layout
    kernels.cutColumn(
      values,
      rowCount,
      weights,
      maxBin,
      cuts,
      info,
      first[thread],
      second[thread],
      counters[thread],
    )
    const codes = columnCodes + column * rowCount * codeBytes
    const cutCount = int32[info / 4]
    if (isWide) kernels.binWideColumn(values, rowCount, cuts, cutCount, codes, cutsWidth)
    else kernels.binColumn(values, rowCount, cuts, cutCount, codes)
  }
  const interleave: Task = (index) => {
    const begin = index * INTERLEAVE_ROWS
    const end = Math.min(begin + INTERLEAVE_ROWS, rowCount)
    kernels.interleave(columnCodes, rowCodes, rowCount, columnCount, stride, begin, end, isWide)
  }
  return [binColumn, interleave]
}
