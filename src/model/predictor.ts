import type { Matrix } from '../math/matrix.ts'
import { AddressSpace, type Views, viewsOf } from './address-space.ts'
import { enlargeMemory } from './enlarge-memory.ts'
import { leadTeam, threadCountOf } from './lead-team.ts'
import { createSharedMemory, type Kernels, loadKernels, PAGE_BYTES } from './load-kernels.ts'
import { LEAVES, MARGINS, type PredictionLayout, startPredictionJob } from './prediction-job.ts'
import type { Tree } from './tree.ts'
import type { SharedMemory } from './webassembly.ts'
import { COLUMN_BYTES, forestBytes, TREE_BYTES, writeForest } from './write-forest.ts'

/** What a predictor is made of. */
export interface ForestParts {
  readonly trees: readonly Tree[]
  /** What each tree's leaves are multiplied by; absent for 1. */
  readonly treeWeights: Float32Array | undefined
  readonly columnCount: number
  readonly baseMargin: number
}

/** Which trees to walk, and by how many threads at most (0: all cores). */
export interface Walk {
  readonly from: number
  readonly to: number
  readonly nJobs: number
}

/** What the memory is for, in messages. */
const WHAT = 'a forest and a piece of the rows to predict'

/** Rows and answers are copied in and out in pieces of about this size. */
const CHUNK_BYTES = 2 ** 21

/** The rows of a block stay in the first-level cache while all trees pass. */
const BLOCK_BYTES = 24 * 1024
const BLOCK_GROUPS_MIN = 4
const BLOCK_GROUPS_MAX = 32

/** Rows times trees from which on a second thread pays: about 5 ms of work. */
const SHARED_FROM = 1_000_000

/**
 * A forest compiled into a memory of its own, with room for one row; a batch adds some megabytes for its pieces.
 * Not for two calls at once: helpers are waited for before a call returns.
 */
export class Predictor {
  readonly #memory: SharedMemory
  readonly #kernels: Kernels
  readonly #columnCount: number
  readonly #baseMargin: number
  readonly #records: number
  /** One group of rows, of which a single row takes the first lane. */
  readonly #row: number
  readonly #rowValues: Float32Array
  readonly #batch: number

  constructor({ trees, treeWeights, columnCount, baseMargin }: ForestParts) {
    const rowBytes = COLUMN_BYTES * Math.max(columnCount, 1)
    this.#memory = createSharedMemory(forestBytes(trees) + rowBytes + 2 * PAGE_BYTES, WHAT)
    this.#kernels = loadKernels(this.#memory)
    this.#columnCount = columnCount
    this.#baseMargin = baseMargin
    const space = new AddressSpace(PAGE_BYTES)
    this.#records = writeForest(viewsOf(this.#memory), space, trees, treeWeights)
    this.#row = space.take(rowBytes)
    this.#rowValues = new Float32Array(this.#memory.buffer, this.#row, rowBytes / 4)
    this.#batch = space.end
  }

  /** Margin of one row after the first `to` trees; allocates nothing. */
  rowMargin(row: ArrayLike<number>, to: number): number {
    const values = this.#rowValues
    for (let column = 0; column < row.length; column++) values[column * 8] = row[column]
    const { addForestToRow } = this.#kernels
    return addForestToRow(this.#row, this.#baseMargin, this.#records, this.#records + TREE_BYTES * to)
  }

  /** Margin of each row. */
  margins(x: Matrix, walk: Walk): Float32Array {
    const margins = new Float32Array(x.rowCount)
    if (walk.from === walk.to) return margins.fill(this.#baseMargin)
    this.#predict(x, walk, {
      task: MARGINS,
      width: 1,
      before: ({ float32 }, at, begin, end) => float32.fill(this.#baseMargin, at, at + end - begin),
      after: ({ float32 }, at, begin, end) => margins.set(float32.subarray(at, at + end - begin), begin),
    })
    return margins
  }

  /** For each row, tree after tree, the node that is its leaf. */
  leaves(x: Matrix, walk: Walk): Int32Array {
    const width = walk.to - walk.from
    const leaves = new Int32Array(x.rowCount * width)
    this.#predict(x, walk, {
      task: LEAVES,
      width,
      before: () => undefined,
      after: ({ int32 }, at, begin, end) =>
        leaves.set(int32.subarray(at, at + (end - begin) * width), begin * width),
    })
    return leaves
  }

  #predict(x: Matrix, walk: Walk, answer: Answer): void {
    if (x.rowCount === 0 || walk.from === walk.to) return
    const isShared = x.rowCount * (walk.to - walk.from) >= SHARED_FROM
    const threadCount = isShared ? threadCountOf(walk.nJobs) : 1
    const layout = this.#layOut(x.rowCount, walk, answer.width, threadCount)
    const tasks = startPredictionJob(this.#memory, layout, 0, this.#kernels)
    const team = leadTeam({ kind: 'prediction', memory: this.#memory, layout }, tasks, threadCount)
    const views = viewsOf(this.#memory)
    try {
      for (let begin = 0; begin < x.rowCount; begin += layout.chunkRows) {
        const end = Math.min(begin + layout.chunkRows, x.rowCount)
        views.float32.set(
          x.values.subarray(begin * this.#columnCount, end * this.#columnCount),
          layout.rows / 4,
        )
        answer.before(views, layout.answers / 4, begin, end)
        views.int32[layout.rowCount / 4] = end - begin
        team.run(answer.task, Math.ceil((end - begin) / layout.blockRows))
        answer.after(views, layout.answers / 4, begin, end)
      }
    } finally {
      team.end()
    }
  }

  /** Takes addresses for the pieces of a batch and makes the memory large enough for them. */
  #layOut(rowCount: number, { from, to }: Walk, width: number, threadCount: number): PredictionLayout {
    const columnCount = this.#columnCount
    const rowBytes = 4 * Math.max(columnCount, 1)
    const groups = Math.floor(BLOCK_BYTES / (rowBytes * 8))
    const blockRows = 8 * Math.min(Math.max(groups, BLOCK_GROUPS_MIN), BLOCK_GROUPS_MAX)
    const blocks = Math.max(Math.floor(CHUNK_BYTES / (blockRows * (rowBytes + 4 * width))), threadCount)
    const chunkRows = blockRows * Math.min(blocks, Math.ceil(rowCount / blockRows))
    const space = new AddressSpace(this.#batch)
    const layout = {
      columnCount,
      trees: this.#records + TREE_BYTES * from,
      treesEnd: this.#records + TREE_BYTES * to,
      rowCount: space.take(4),
      rows: space.take(chunkRows * rowBytes),
      answers: space.take(chunkRows * 4 * width),
      blocks: space.take(threadCount * blockRows * rowBytes),
      blockRows,
      chunkRows,
    }
    enlargeMemory(this.#memory, space.end, WHAT)
    return layout
  }
}

/** How the answers of a batch go into the memory and out of it; `at` counts in words. */
interface Answer {
  readonly task: number
  /** Words for each row. */
  readonly width: number
  before(views: Views, at: number, begin: number, end: number): void
  after(views: Views, at: number, begin: number, end: number): void
}
