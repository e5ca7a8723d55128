import type { BoosterParams } from '../params.ts'
import { viewsOf } from '../threads/address-space.ts'
import type { Team } from '../threads/team.ts'
import type { SharedMemory } from '../threads/webassembly.ts'
import { createGrowQueue } from './grow-queue.ts'
import { regularizationOf } from './leaf-weight.ts'
import { SPLIT_BYTES } from './node-table.ts'
import { NodeWorker } from './node-worker.ts'
import { addRoot, type Hands, prepareRoot, settle, splitNode } from './split-node.ts'
import { blockCount, FIRST, SECOND, TASKS, THIRD, TREE } from './training-job.ts'
import { BLOCK_ROWS, PIECE_ROWS, type TrainingLayout } from './training-layout.ts'

/** A node with fewer rows than this share of the tree's is grown to its leaves by one thread. */
const SUBTREE_SHARE = 1 / 16

/**
 * Grows trees level by level or by largest gain: algorithm 1 of Chen & Guestrin 2016
 * (https://arxiv.org/abs/1603.02754) on histograms, as XGBoost's `hist`. Large nodes are split by all threads
 * together, each of them filling histograms with other rows; a small one is grown to its leaves by one thread.
 * Which thread does what changes no sum, so the tree does not depend on it.
 */
export class TreeGrower {
  readonly worker: NodeWorker
  readonly #team: Team
  readonly #params: BoosterParams
  readonly #layout: TrainingLayout
  readonly #args: Int32Array
  readonly #hands: Hands
  readonly #free: number[] = []

  constructor(memory: SharedMemory, layout: TrainingLayout, team: Team, params: BoosterParams) {
    this.#team = team
    this.#params = params
    this.#layout = layout
    this.#args = viewsOf(memory).int32.subarray(layout.args / 4)
    this.worker = new NodeWorker(memory, layout, 0)
    this.#hands = {
      worker: this.worker,
      by: regularizationOf(params),
      monotone: params.monotoneConstraints,
      partition: (node) => this.#partition(node),
      search: (first, second) => this.#search(first, second),
      takeHistogram: () => this.#free.pop() ?? 0,
      giveBackHistogram: (address) => {
        this.#free.push(address)
      },
    }
  }

  /** Grows tree number `tree` on the first `rowCount` rows in `rows`; its nodes then stand in the table. */
  grow(tree: number, rowCount: number): void {
    const { views } = this.worker
    const { nodeCount, sharedHistograms } = this.#layout
    this.#free.length = 0
    this.#free.push(...sharedHistograms)
    this.#args[TREE] = tree
    views.int32[nodeCount / 4] = 1
    addRoot(this.#hands, this.#sumRows(rowCount), rowCount)
    prepareRoot(this.#hands)
    this.#search(0, -1)
    if (settle(this.#hands, 0)) this.#growFrom(rowCount)
  }

  #growFrom(rowCount: number): void {
    const { table } = this.worker
    const { maxLeaves, growPolicy } = this.#params
    const queue = createGrowQueue(growPolicy, (node) => table.splitGain(node))
    const subtrees: number[] = []
    // order and number of splits matter only under a limit of leaves
    const smallest = maxLeaves === 0 && growPolicy === 'depthwise' ? rowCount * SUBTREE_SHARE : 0
    const wait = (node: number): void => {
      if (table.rowCount(node) < smallest) subtrees.push(node)
      else queue.push(node)
    }
    wait(0)
    let leafCount = 1
    for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
      if (maxLeaves > 0 && leafCount >= maxLeaves) break
      const children = splitNode(this.#hands, node)
      if (table.left(node) >= 0) leafCount++
      for (const child of children) wait(child)
    }
    // large ones first, so that no thread ends long after the others
    subtrees.sort((a, b) => table.rowCount(b) - table.rowCount(a))
    this.worker.views.int32.set(subtrees, this.#layout.nodeList / 4)
    this.#team.run(TASKS.subtree, subtrees.length)
  }

  #sumRows(rowCount: number): { gradient: number; hessian: number } {
    const blocks = blockCount(rowCount)
    this.#args[FIRST] = rowCount
    this.#team.run(TASKS.sum, blocks)
    const sums = this.worker.views.float64.subarray(this.#layout.sums / 8)
    let gradient = 0
    let hessian = 0
    for (let block = 0; block < blocks; block++) {
      gradient += sums[2 * block]
      hessian += sums[2 * block + 1]
    }
    return { gradient, hessian }
  }

  #partition(node: number): number {
    const { table, views } = this.worker
    if (table.rowCount(node) < 2 * BLOCK_ROWS) return this.worker.partition(node)
    const blocks = blockCount(table.rowCount(node))
    const counts = views.int32.subarray(this.#layout.leftCounts / 4)
    this.#args[FIRST] = node
    this.#team.run(TASKS.partition, blocks)
    let left = 0
    for (let block = 0; block < blocks; block++) {
      counts[2 * block + 1] = left
      left += counts[2 * block]
    }
    const middle = table.begin(node) + left
    this.#args[SECOND] = middle
    this.#team.run(TASKS.merge, blocks)
    return middle
  }

  #search(first: number, second: number): void {
    const { table } = this.worker
    const pieceCount = this.#pieceCountOf(first)
    if (pieceCount === 1) {
      this.worker.searchAlone(this.#args[TREE], first, second)
      return
    }
    const isTaken = second >= 0 && table.histogram(first) !== 0 && table.histogram(second) !== 0
    this.#searchTogether(first, isTaken ? second : -1, pieceCount)
    if (second >= 0 && !isTaken) this.#searchTogether(second, -1, this.#pieceCountOf(second))
  }

  /** A power of two, so that threads share pieces of one size evenly. */
  #pieceCountOf(node: number): number {
    const rowCount = this.worker.table.rowCount(node)
    const { length } = this.#layout.pieces
    if (rowCount < PIECE_ROWS || length === 1) return 1
    return 2 ** Math.floor(Math.log2(Math.min(length, Math.max(2, rowCount / (2 * PIECE_ROWS)))))
  }

  #searchTogether(first: number, second: number, pieceCount: number): void {
    const { sharedChunks } = this.#layout
    this.#args[FIRST] = first
    this.#args[SECOND] = second
    this.#args[THIRD] = pieceCount
    this.#team.run(TASKS.fill, pieceCount)
    this.#team.run(TASKS.search, sharedChunks.length)
    sharedChunks.forEach((_, chunk) => {
      this.#takeBetter(first, 2 * chunk)
      if (second >= 0) this.#takeBetter(second, 2 * chunk + 1)
    })
  }

  /** Takes over a chunk's best split if it gains more; an earlier chunk wins a tie. */
  #takeBetter(node: number, place: number): void {
    const { table, views } = this.worker
    const split = this.#layout.chunkSplits + SPLIT_BYTES * place
    if (views.float32[split / 4] <= table.splitGain(node)) return
    const words = views.int32.slice(split / 4, (split + SPLIT_BYTES) / 4)
    views.int32.set(words, table.splitAddress(node) / 4)
  }
}
