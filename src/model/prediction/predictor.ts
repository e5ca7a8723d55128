import type { Matrix } from '../../math/matrix.ts'
import { AddressSpace, type Views, viewsOf } from '../threads/address-space.ts'
import { enlargeMemory } from '../threads/enlarge-memory.ts'
import type { Kernels } from '../threads/kernels.ts'
import { leadTeam, threadCountOf } from '../threads/lead-team.ts'
import { createSharedMemory, loadKernels, PAGE_BYTES } from '../threads/load-kernels.ts'
import type { SharedMemory } from '../threads/webassembly.ts'
import type { Tree } from '../tree.ts'
import { LEAVES, MARGINS, type PredictionLayout, startPredictionJob } from './prediction-job.ts'
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
      prepare: ({ float32 }, at, count) => float32.fill(this.#baseMargin, at, at + count),
      take: ({ float32 }, at, begin, count) => margins.set(float32.subarray(at, at + count), begin),
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
      prepare: () => undefined,
      take: ({ int32 }, at, begin, count) =>
        leaves.set(int32.subarray(at, at + count * width), begin * width),
    })
    return leaves
  }

  #predict(x: Matrix, walk: Walk, answer: Answer): void {
    if (x.rowCount === 0 || walk.from === walk.to) return
    const isShared = x.rowCount * (walk.to - walk.from) >= SHARED_FROM
    const threadCount = isShared ? threadCountOf(walk.nJobs) : 1
    const { layout, chunkRows, rows, answers } = this.#layOut(x.rowCount, walk, answer.width, threadCount)
    const tasks = startPredictionJob(this.#memory, layout, 0, this.#kernels)
    const team = leadTeam({ kind: 'prediction', memory: this.#memory, layout }, tasks, threadCount)
    const views = viewsOf(this.#memory)
    const chunkCount = Math.ceil(x.rowCount / chunkRows)
    const countOf = (chunk: number): number => Math.min(chunkRows, x.rowCount - chunk * chunkRows)
    const copyIn = (chunk: number): void => {
      if (chunk >= chunkCount) return
      const begin = chunk * chunkRows * this.#columnCount
      const end = begin + countOf(chunk) * this.#columnCount
      views.float32.set(x.values.subarray(begin, end), rows[chunk % 2] / 4)
      answer.prepare(views, answers[chunk % 2] / 4, countOf(chunk))
    }
    const copyOut = (chunk: number): void => {
      if (chunk >= 0) answer.take(views, answers[chunk % 2] / 4, chunk * chunkRows, countOf(chunk))
    }
    try {
      copyIn(0)
      for (let chunk = 0; chunk < chunkCount; chunk++) {
        views.int32.set([countOf(chunk), rows[chunk % 2], answers[chunk % 2]], layout.chunk / 4)
        team.run(answer.task, Math.ceil(countOf(chunk) / layout.blockRows), () => {
          copyOut(chunk - 1)
          copyIn(chunk + 1)
        })
      }
      copyOut(chunkCount - 1)
    } finally {
      team.end()
    }
  }

  /** Takes addresses for the pieces of a batch and makes the memory large enough for them. */
  #layOut(rowCount: number, { from, to }: Walk, width: number, threadCount: number): Batch {
    const columnCount = this.#columnCount
    const rowBytes = 4 * Math.max(columnCount, 1)
    const groups = Math.floor(BLOCK_BYTES / (rowBytes * 8))
    const blockRows = 8 * Math.min(Math.max(groups, BLOCK_GROUPS_MIN), BLOCK_GROUPS_MAX)
    const blocks = Math.max(Math.floor(CHUNK_BYTES / (blockRows * (rowBytes + 4 * width))), threadCount)
    const chunkRows = blockRows * Math.min(blocks, Math.ceil(rowCount / blockRows))
    const isOne = chunkRows >= rowCount
    const space = new AddressSpace(this.#batch)
    const twice = (bytes: number): readonly [number, number] => {
      const first = space.take(bytes)
      return [first, isOne ? first : space.take(bytes)]
    }
    const layout = {
      columnCount,
      trees: this.#records + TREE_BYTES * from,
      treesEnd: this.#records + TREE_BYTES * to,
      chunk: space.take(12),
      blocks: space.take(threadCount * blockRows * rowBytes),
      blockRows,
    }
    const batch = {
      layout,
      chunkRows,
      rows: twice(chunkRows * rowBytes),
      answers: twice(chunkRows * 4 * width),
    }
    enlargeMemory(this.#memory, space.end, WHAT)
    return batch
  }
}

/** Two chunks of rows lie in the memory in turn: one at work, one that is copied in. */
interface Batch {
  readonly layout: PredictionLayout
  readonly chunkRows: number
  readonly rows: readonly [number, number]
  readonly answers: readonly [number, number]
}

/** How the answers of a chunk begin, and how they go out; `at` counts in words, `begin` and `count` in rows. */
interface Answer {
  readonly task: number
  /** Words for each row. */
  readonly width: number
  prepare(views: Views, at: number, count: number): void
  take(views: Views, at: number, begin: number, count: number): void
}
