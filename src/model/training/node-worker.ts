import { createRandom } from '../../math/random.ts'
import { type Views, viewsOf } from '../threads/address-space.ts'
import type { Kernels } from '../threads/kernels.ts'
import { loadKernels } from '../threads/load-kernels.ts'
import type { SharedMemory } from '../threads/webassembly.ts'
import { sampleColumns, type TreeColumns } from './column-sampler.ts'
import { NodeTable } from './node-table.ts'
import type { Chunk, TrainingLayout } from './training-layout.ts'

/** A node's rows are far apart when it has fewer than one row in this many. */
const SPARSE = 2

/**
 * What one thread does to nodes: fills histograms, searches splits, and sends rows left and right. All of it
 * gives the same result on every thread.
 */
export class NodeWorker {
  readonly layout: TrainingLayout
  readonly kernels: Kernels
  readonly views: Views
  readonly table: NodeTable
  readonly #thread: number
  readonly #lightest: number
  #tree = -1
  #columns: TreeColumns | undefined

  constructor(memory: SharedMemory, layout: TrainingLayout, thread: number) {
    this.layout = layout
    this.kernels = loadKernels(memory)
    this.views = viewsOf(memory)
    this.table = new NodeTable(this.views, layout.nodes)
    this.#thread = thread
    // a node lighter than two of the lightest children has no split; a little less for rounding
    this.#lightest = 1.999 * this.views.float32[layout.rules / 4 + 3]
  }

  /**
   * Fills the histograms of two siblings (-1: there is one node only) and searches them for their best splits.
   * Where both have a histogram, that of the second holds their parent's sums and the first one's are taken from
   * it. A node without a histogram uses scratch.
   */
  searchAlone(tree: number, first: number, second: number): void {
    const { table, layout } = this
    const isTaken = second >= 0 && table.histogram(first) !== 0 && table.histogram(second) !== 0
    for (const chunk of layout.ownChunks) {
      const slots = this.#slotsOf(first, chunk)
      this.#fill(first, this.#rowsOf(first), slots, chunk)
      this.#search(tree, first, slots, chunk, table.splitAddress(first))
      if (second < 0) continue
      const others = this.#slotsOf(second, chunk)
      if (isTaken) this.#combine('subtractColumns', others, slots, chunk)
      else this.#fill(second, this.#rowsOf(second), others, chunk)
      this.#search(tree, second, others, chunk, table.splitAddress(second))
    }
  }

  /** Fills one of the histograms that `searchPieces` joins with a part of the node's rows. */
  fillPiece(node: number, piece: number, pieceCount: number): void {
    const begin = this.table.begin(node)
    const rowAt = (part: number): number =>
      begin + Math.floor((this.table.rowCount(node) * part) / pieceCount)
    const rows = { begin: rowAt(piece), end: rowAt(piece + 1) }
    this.#fill(node, rows, this.#pieceOf(node, piece), { from: 0, to: this.layout.matrix.stride })
  }

  /**
   * Adds up the pieces of the first node in one chunk and searches it; and its sibling's, if that is not -1, whose
   * histogram holds their parent's sums. Writes the best splits of the chunk to `splits`.
   */
  searchPieces(
    tree: number,
    chunk: Chunk,
    pieceCount: number,
    nodes: readonly [first: number, second: number],
    splits: readonly [first: number, second: number],
  ): void {
    const offset = 16 * this.#firstSlot(chunk)
    const sums = this.#pieceOf(nodes[0], 0) + offset
    for (let piece = 1; piece < pieceCount; piece++) {
      this.#combine('addColumns', sums, this.#pieceOf(nodes[0], piece) + offset, chunk)
    }
    this.#search(tree, nodes[0], sums, chunk, splits[0])
    if (nodes[1] < 0) return
    const others = this.#slotsOf(nodes[1], chunk)
    this.#combine('subtractColumns', others, sums, chunk)
    this.#search(tree, nodes[1], others, chunk, splits[1])
  }

  /** Sends the rows of a node left or right by its best split; returns where the right side begins. */
  partition(node: number): number {
    const { rows, spare } = this.layout
    const begin = this.table.begin(node)
    const count = this.table.rowCount(node)
    const from = rows + 4 * begin
    const left = this.partitionRows(node, from, count, from, spare + 4 * begin)
    this.kernels.copy(from + 4 * left, spare + 4 * begin, 4 * (count - left))
    return begin + left
  }

  /** Sends some rows of a node left or right by its best split; returns how many went left. */
  partitionRows(node: number, rows: number, count: number, left: number, right: number): number {
    const { isWide, columnCodes, rowCount } = this.layout.matrix
    const { feature, bin } = this.table.split(node)
    const codes = columnCodes + feature * rowCount * (isWide ? 2 : 1)
    const partition = isWide ? this.kernels.partitionWideRows : this.kernels.partitionRows
    return partition(rows, count, left, right, codes, bin, this.missingOf(node))
  }

  /** The code of missing values where the node's best split sends them left; else -1. */
  missingOf(node: number): number {
    const { feature, missingLeft } = this.table.split(node)
    return missingLeft ? this.views.int32[this.layout.columns / 4 + 4 * feature + 1] : -1
  }

  /** Fills the slots of a chunk with some rows of the node. */
  #fill(node: number, { begin, end }: RowRange, slots: number, chunk: Chunk): void {
    const { kernels } = this
    const { matrix, columns, gradients, rows } = this.layout
    const { isWide, rowCodes, stride, rowCount } = matrix
    const { from, to } = chunk
    const groups = (to - from) / 4
    kernels.clearColumns(slots, this.#firstSlot(chunk), columns, from, this.#lastColumn(to))
    if (isWide) {
      const codes = rowCodes + 2 * from
      kernels.buildWideHistogram(
        slots,
        codes,
        stride,
        groups,
        gradients,
        rows,
        begin,
        end,
        columns + 16 * from,
      )
    } else {
      const isSparse = this.table.rowCount(node) * SPARSE < rowCount
      kernels.buildHistogram(slots, rowCodes + from, stride, groups, gradients, rows, begin, end, isSparse)
    }
  }

  #search(tree: number, node: number, slots: number, chunk: Chunk, best: number): void {
    if (this.table.hessian(node) < this.#lightest || this.table.rowCount(node) < 2) return
    const { columns, rules, isBounded } = this.layout
    const { address, count } = this.#featuresOf(tree, node, chunk)
    const stats = this.table.statsAddress(node)
    const firstSlot = this.#firstSlot(chunk)
    this.kernels.findBestSplit(best, slots, firstSlot, address, count, columns, stats, rules, isBounded)
  }

  /** The features of the chunk that the node may split on. */
  #featuresOf(tree: number, node: number, { from, to }: Chunk): { address: number; count: number } {
    const { shares, allFeatures, features, seed } = this.layout
    const isSampled = shares.colsampleBytree < 1 || shares.colsampleBylevel < 1 || shares.colsampleBynode < 1
    if (!isSampled) return { address: allFeatures + 4 * from, count: this.#lastColumn(to) - from }
    if (tree !== this.#tree || this.#columns === undefined) {
      this.#tree = tree
      const random = createRandom(seed).fork(`columns of tree ${tree}`)
      this.#columns = sampleColumns(this.layout.matrix.columnCount, shares, random)
    }
    const drawn = this.#columns.forNode(this.table.depth(node), this.table.key(node))
    const inChunk = drawn.filter((feature) => feature >= from && feature < to)
    const address = features[this.#thread]
    this.views.int32.set(inChunk, address / 4)
    return { address, count: inChunk.length }
  }

  #combine(how: 'addColumns' | 'subtractColumns', slots: number, by: number, chunk: Chunk): void {
    const { from, to } = chunk
    this.kernels[how](slots, by, this.#firstSlot(chunk), this.layout.columns, from, this.#lastColumn(to))
  }

  /** Where the node's slots of a chunk lie. */
  #slotsOf(node: number, chunk: Chunk): number {
    const histogram = this.table.histogram(node)
    if (histogram === 0) return this.layout.scratch[this.#thread]
    return histogram + 16 * this.#firstSlot(chunk)
  }

  /** Where a piece of the node's histogram lies: the first one, and in the end the sums, in its own if it has one. */
  #pieceOf(node: number, piece: number): number {
    const own = piece === 0 ? this.table.histogram(node) : 0
    return own === 0 ? this.layout.pieces[piece] : own
  }

  #rowsOf(node: number): RowRange {
    return { begin: this.table.begin(node), end: this.table.end(node) }
  }

  #firstSlot({ from }: Chunk): number {
    return this.views.int32[this.layout.columns / 4 + 4 * from]
  }

  /** The end of the chunk without the columns that fill up the last group. */
  #lastColumn(to: number): number {
    return Math.min(to, this.layout.matrix.columnCount)
  }
}

/** Places in the list of rows. */
interface RowRange {
  readonly begin: number
  readonly end: number
}
