import type { Task } from '../threads/team-jobs.ts'
import type { SharedMemory } from '../threads/webassembly.ts'
import type { Regularization } from './leaf-weight.ts'
import { SPLIT_BYTES } from './node-table.ts'
import { NodeWorker } from './node-worker.ts'
import { type Hands, splitNode } from './split-node.ts'
import { BLOCK_ROWS, type TrainingLayout } from './training-layout.ts'

/** Tasks of a training; what the index counts stands in the comment. */
export const TASKS = {
  /** Blocks of all rows: gradients from margins. */
  gradients: 0,
  /** Blocks of the tree's rows, arg 1 of them: their sums. */
  sum: 1,
  /** Pieces, arg 3 of them: part of the histogram of the node in arg 1. */
  fill: 2,
  /** Chunks: joins the pieces and searches the nodes in args 1 and 2 for their best splits. */
  search: 3,
  /** Blocks of the rows of the node in arg 1: sends them left or right, into the spare places. */
  partition: 4,
  /** The same blocks: brings both sides together. */
  merge: 5,
  /** Nodes in the list: grows each to its leaves. */
  subtree: 6,
  /** Blocks of the tree's rows: adds the values of the leaves in the list, arg 1 of them. */
  leaves: 7,
  /** Blocks of the rows that the tree was not grown on, arg 1 of them: adds its leaves. */
  others: 8,
} as const

/** The words of `args`: the tree's number, and three of the task's own. */
export const TREE = 0
export const FIRST = 1
export const SECOND = 2
export const THIRD = 3

export function startTrainingJob(
  memory: SharedMemory,
  layout: TrainingLayout,
  thread: number,
): readonly Task[] {
  const worker = new NodeWorker(memory, layout, thread)
  const { kernels, table } = worker
  const { int32 } = worker.views
  const { matrix, margins, labels, weights, gradients, rows, others, spare, secondSpare } = layout
  const args = layout.args / 4
  const grow = createSubtreeGrower(worker, thread)

  return [
    (block) => {
      const [begin, end] = blockOf(block, matrix.rowCount)
      kernels.logisticGradients(gradients, margins, labels, weights, begin, end)
    },
    (block) => {
      const [begin, end] = blockOf(block, int32[args + FIRST])
      kernels.sumGradients(layout.sums + 16 * block, gradients, rows + 4 * begin, end - begin)
    },
    (piece) => worker.fillPiece(int32[args + FIRST], piece, int32[args + THIRD]),
    (chunk) => {
      const best = layout.chunkSplits + 2 * SPLIT_BYTES * chunk
      clearSplits(int32, best)
      const nodes = [int32[args + FIRST], int32[args + SECOND]] as const
      const { [TREE]: tree, [THIRD]: pieceCount } = int32.subarray(args)
      worker.searchPieces(tree, layout.sharedChunks[chunk], pieceCount, nodes, [best, best + SPLIT_BYTES])
    },
    (block) => {
      const node = int32[args + FIRST]
      const [begin, end] = blockOf(block, table.rowCount(node), table.begin(node))
      int32[layout.leftCounts / 4 + 2 * block] = worker.partitionRows(
        node,
        rows + 4 * begin,
        end - begin,
        spare + 4 * begin,
        secondSpare + 4 * begin,
      )
    },
    (block) => {
      const node = int32[args + FIRST]
      const [begin, end] = blockOf(block, table.rowCount(node), table.begin(node))
      const left = int32[layout.leftCounts / 4 + 2 * block]
      const leftBefore = int32[layout.leftCounts / 4 + 2 * block + 1]
      const rightBefore = begin - table.begin(node) - leftBefore
      const toLeft = table.begin(node) + leftBefore
      const toRight = int32[args + SECOND] + rightBefore
      kernels.copy(rows + 4 * toLeft, spare + 4 * begin, 4 * left)
      kernels.copy(rows + 4 * toRight, secondSpare + 4 * begin, 4 * (end - begin - left))
    },
    (index) => grow(int32[layout.nodeList / 4 + index]),
    (block) => {
      const [begin, end] = blockOf(block, table.rowCount(0))
      const leaves = int32.subarray(layout.nodeList / 4, layout.nodeList / 4 + int32[args + FIRST])
      for (let i = leafAt(leaves, table, begin); i < leaves.length && table.begin(leaves[i]) < end; i++) {
        const from = Math.max(begin, table.begin(leaves[i]))
        const to = Math.min(end, table.end(leaves[i]))
        kernels.addLeaf(margins, rows + 4 * from, to - from, table.value(leaves[i]))
      }
    },
    (block) => {
      const [begin, end] = blockOf(block, int32[args + FIRST])
      const { rowCodes, stride, isWide } = matrix
      kernels.addLeaves(margins, others + 4 * begin, end - begin, rowCodes, stride, layout.nodes, isWide)
    },
  ]
}

/** How many blocks `count` rows make. */
export function blockCount(count: number): number {
  return Math.ceil(count / BLOCK_ROWS)
}

function blockOf(block: number, count: number, from = 0): readonly [begin: number, end: number] {
  const begin = block * BLOCK_ROWS
  return [from + begin, from + Math.min(begin + BLOCK_ROWS, count)]
}

/** Forgets the two best splits at an address: no gain, feature -1. */
function clearSplits(int32: Int32Array, address: number): void {
  for (const split of [address / 4, (address + SPLIT_BYTES) / 4]) {
    int32[split] = 0
    int32[split + 1] = -1
  }
}

/** Index of the leaf that holds the row at `place`; leaves are in the order of their rows. */
function leafAt(leaves: Int32Array, table: NodeWorker['table'], place: number): number {
  let low = 0
  let high = leaves.length - 1
  while (low < high) {
    const middle = (low + high + 1) >>> 1
    if (table.begin(leaves[middle]) <= place) low = middle
    else high = middle - 1
  }
  return low
}

/** Grows a node to its leaves, depth first, so that few histograms live at a time. */
function createSubtreeGrower(worker: NodeWorker, thread: number): (node: number) => void {
  const { layout, table, views } = worker
  const free: number[] = []
  const hands: Hands = {
    worker,
    by: readRules(views.float32, layout.rules),
    monotone: readMonotone(worker),
    partition: (node) => worker.partition(node),
    search: (first, second) => worker.searchAlone(views.int32[layout.args / 4 + TREE], first, second),
    takeHistogram: () => free.pop() ?? 0,
    giveBackHistogram: (address) => {
      free.push(address)
    },
  }
  return (root) => {
    // a histogram that the node brings along is used too, and left to whoever lent it at the end
    free.length = 0
    free.push(...layout.ownHistograms[thread])
    const open = [root]
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      open.push(...splitNode(hands, node).reverse())
    }
    table.setHistogram(root, 0)
  }
}

/** The rules as every thread sees them. */
export function readRules(float32: Float32Array, address: number): Regularization {
  const [lambda, alpha, maxDeltaStep, minChildWeight] = float32.subarray(address / 4, address / 4 + 4)
  return { lambda, alpha, maxDeltaStep, minChildWeight }
}

export function readMonotone({ layout, views }: NodeWorker): number[] {
  const columns = views.int32.subarray(layout.columns / 4)
  return Array.from({ length: layout.matrix.columnCount }, (_, f) => columns[4 * f + 3])
}
