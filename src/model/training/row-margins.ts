import type { Matrix } from '../../math/matrix.ts'
import { COLUMN_BYTES, forestBytes, writeForest } from '../prediction/write-forest.ts'
import { AddressSpace, viewsOf } from '../threads/address-space.ts'
import { enlargeMemory } from '../threads/enlarge-memory.ts'
import type { Kernels } from '../threads/kernels.ts'
import { leadTeam, threadCountOf } from '../threads/lead-team.ts'
import { borrowMemory, giveBackMemory } from '../threads/lend-memory.ts'
import { loadKernels, PAGE_BYTES } from '../threads/load-kernels.ts'
import type { SharedMemory } from '../threads/webassembly.ts'
import type { Tree } from '../tree.ts'
import { type RowMarginsLayout, startRowMarginsJob } from './row-margins-job.ts'

/** What the memory is for, in messages. */
const WHAT = 'the rows of an evaluation set'

/** Rows are copied in pieces of about this size. */
const CHUNK_BYTES = 2 ** 20

/** Rows from which on a second thread pays. */
const SHARED_FROM = 100_000

const BLOCK_GROUPS = 256

/**
 * Keeps the margins of the same rows up to date while one tree after another comes in. The rows are copied once, into
 * groups of eight.
 *
 * Errors: `MEMORY_TOO_SMALL` for rows of more than 4 GiB.
 */
export class RowMargins {
  /** One for each row, in float32. */
  readonly margins: Float32Array
  readonly #memory: SharedMemory
  readonly #kernels: Kernels
  readonly #layout: RowMarginsLayout
  readonly #threadCount: number

  constructor(x: Matrix, baseMargin: number, nJobs = 0) {
    const { rowCount, columnCount } = x
    const groupCount = Math.ceil(rowCount / 8)
    const space = new AddressSpace(PAGE_BYTES)
    const layout = {
      columnCount,
      groupCount,
      blockGroups: BLOCK_GROUPS,
      groups: space.take(groupCount * columnCount * COLUMN_BYTES),
      margins: space.take(groupCount * 32),
      tree: space.end,
    }
    this.#memory = borrowMemory(space.end, WHAT)
    this.#kernels = loadKernels(this.#memory)
    this.#layout = layout
    this.#threadCount = rowCount < SHARED_FROM ? 1 : threadCountOf(nJobs)
    this.margins = new Float32Array(this.#memory.buffer, layout.margins, rowCount).fill(baseMargin)
    this.#copyRows(x)
  }

  /** Adds the tree's leaf to the margin of each row. Cost O(rows × depth). */
  addTree(tree: Tree): void {
    enlargeMemory(this.#memory, this.#layout.tree + forestBytes([tree]), WHAT)
    writeForest(viewsOf(this.#memory), new AddressSpace(this.#layout.tree), [tree])
    const [task] = startRowMarginsJob(this.#memory, this.#layout, 0, this.#kernels)
    const job = { kind: 'rowMargins', memory: this.#memory, layout: this.#layout } as const
    const team = leadTeam(job, [task], this.#threadCount)
    try {
      team.run(0, Math.ceil(this.#layout.groupCount / BLOCK_GROUPS))
    } finally {
      team.end()
    }
  }

  /** Ends the use of `margins`: their memory serves others. */
  end(): void {
    giveBackMemory(this.#memory)
  }

  /** Copies rows into groups by way of the place of the tree. */
  #copyRows({ rowCount, columnCount, values }: Matrix): void {
    const { groups, tree } = this.#layout
    const rowBytes = 4 * columnCount
    const step = 8 * Math.max(Math.floor(CHUNK_BYTES / (8 * rowBytes)), 1)
    enlargeMemory(this.#memory, tree + step * rowBytes, WHAT)
    const { float32 } = viewsOf(this.#memory)
    for (let row = 0; row < rowCount; row += step) {
      const end = Math.min(row + step, rowCount)
      float32.set(values.subarray(row * columnCount, end * columnCount), tree / 4)
      this.#kernels.gatherRows(groups + row * rowBytes, tree, end - row, columnCount)
    }
  }
}
