import type { Kernels } from '../threads/kernels.ts'
import { loadKernels } from '../threads/load-kernels.ts'
import type { SharedMemory } from '../threads/webassembly.ts'
import { TREE_BYTES } from './write-forest.ts'

/** Where the pieces of a batch lie in the predictor's memory; addresses in bytes. */
export interface PredictionLayout {
  readonly columnCount: number
  /** Records of the trees to walk. */
  readonly trees: number
  readonly treesEnd: number
  /** Three words about the chunk at work: how many rows, where they lie one after another, where the answers go. */
  readonly chunk: number
  /** For each thread room for the rows of one block in groups of eight. */
  readonly blocks: number
  readonly blockRows: number
}

/** Numbers of the tasks; the index is that of a block of rows. */
export const MARGINS = 0
export const LEAVES = 1

/** The tasks of a batch: a margin for each row, added to what stands there; a node id for each row and tree. */
export function startPredictionJob(
  memory: SharedMemory,
  layout: PredictionLayout,
  thread: number,
  kernels: Kernels = loadKernels(memory),
): readonly ((index: number) => void)[] {
  const { columnCount, trees, treesEnd, blockRows } = layout
  const treeCount = (treesEnd - trees) / TREE_BYTES
  const block = layout.blocks + thread * blockRows * columnCount * 4
  const chunk = new Uint32Array(memory.buffer, layout.chunk, 3)
  /** Copies the block's rows into groups and returns how many there are. */
  const gather = (index: number): number => {
    const rowCount = Math.min(blockRows, chunk[0] - index * blockRows)
    kernels.gatherRows(block, chunk[1] + index * blockRows * columnCount * 4, rowCount, columnCount)
    return rowCount
  }
  return [
    (index) => {
      const groupCount = Math.ceil(gather(index) / 8)
      kernels.addForest(block, chunk[2] + index * blockRows * 4, groupCount, columnCount, trees, treesEnd)
    },
    (index) => {
      const rowCount = gather(index)
      const leaves = chunk[2] + index * blockRows * treeCount * 4
      kernels.findLeaves(block, leaves, rowCount, columnCount, trees, treesEnd)
    },
  ]
}
