import { TREE_BYTES } from '../prediction/write-forest.ts'
import type { Kernels } from '../threads/kernels.ts'
import { loadKernels } from '../threads/load-kernels.ts'
import type { SharedMemory } from '../threads/webassembly.ts'

/** Where the parts of a `RowMargins` lie in its memory; addresses in bytes. */
export interface RowMarginsLayout {
  readonly columnCount: number
  readonly groupCount: number
  readonly blockGroups: number
  /** The rows in groups of eight. */
  readonly groups: number
  readonly margins: number
  /** The record of the newest tree. */
  readonly tree: number
}

/** The one task: adds the newest tree's leaves to the margins of a block of groups. */
export function startRowMarginsJob(
  memory: SharedMemory,
  layout: RowMarginsLayout,
  _thread: number,
  kernels: Kernels = loadKernels(memory),
): readonly [(index: number) => void] {
  const { columnCount, groupCount, blockGroups, tree } = layout
  return [
    (index) => {
      const first = index * blockGroups
      const count = Math.min(blockGroups, groupCount - first)
      const groups = layout.groups + first * columnCount * 32
      kernels.addForest(groups, layout.margins + first * 32, count, columnCount, tree, tree + TREE_BYTES)
    },
  ]
}
