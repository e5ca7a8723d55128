import { type Kernels, loadKernels } from './load-kernels.ts'
import type { SharedMemory } from './webassembly.ts'

/** Where the pieces of a batch lie in the predictor's memory; addresses in bytes. */
export interface PredictionLayout {
  readonly columnCount: number
  /** Records of the trees to walk. */
  readonly trees: number
  readonly treesEnd: number
  /** How many rows this chunk has. */
  readonly rowCount: number
  /** The chunk's rows, one after another. */
  readonly rows: number
  /** A margin for each row of the chunk, or a node id for each row and tree. */
  readonly answers: number
  /** For each thread room for the rows of one block in groups of eight. */
  readonly blocks: number
  readonly blockRows: number
  readonly chunkRows: number
}

/** Numbers of the tasks; the index is that of a block of rows. */
export const MARGINS = 0
export const LEAVES = 1

/** The tasks of a batch: margins, which begin with what stands there, and leaves. */
export function startPredictionJob(
  memory: SharedMemory,
  layout: PredictionLayout,
  thread: number,
  kernels: Kernels = loadKernels(memory),
): readonly ((index: number) => void)[] {
  const { columnCount, trees, treesEnd, blockRows } = layout
  const block = layout.blocks + thread * blockRows * columnCount * 4
  const rowCount = new Int32Array(memory.buffer, layout.rowCount, 1)
  const rowsOf = (index: number): number => Math.min(blockRows, rowCount[0] - index * blockRows)
  const gather = (index: number): void =>
    kernels.gatherRows(block, layout.rows + index * blockRows * columnCount * 4, rowsOf(index), columnCount)
  return [
    (index) => {
      gather(index)
      const margins = layout.answers + index * blockRows * 4
      kernels.addForest(block, margins, Math.ceil(rowsOf(index) / 8), columnCount, trees, treesEnd)
    },
    (index) => {
      gather(index)
      const leaves = layout.answers + ((index * blockRows * (treesEnd - trees)) / 16) * 4
      kernels.findLeaves(block, leaves, rowsOf(index), columnCount, trees, treesEnd)
    },
  ]
}
