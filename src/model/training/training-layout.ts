import type { BoosterParams } from '../params.ts'
import { AddressSpace } from '../threads/address-space.ts'
import type { ColumnShares } from './column-sampler.ts'
import { NODE_BYTES, SPLIT_BYTES } from './node-table.ts'
import type { QuantileMatrix } from './quantile-matrix.ts'

/** Rows of one task that goes through rows. */
export const BLOCK_ROWS = 8_192

/** Bytes that the kept histograms may take that all threads share, and those of each thread. */
const SHARED_HISTOGRAM_BYTES = 256 * 2 ** 20
const THREAD_HISTOGRAM_BYTES = 64 * 2 ** 20

/** Parts of a node's rows that threads fill histograms with, and the rows of a node from which on that pays. */
const PIECES_MAX = 16
const PIECE_BYTES = 64 * 2 ** 20
export const PIECE_ROWS = 2048

/** Histograms that one thread may keep: one a level of a deep tree. */
const THREAD_HISTOGRAMS_MAX = 16
const SHARED_HISTOGRAMS_MAX = 128

/** Bytes of slots that stay in the second-level cache. */
const CACHED_BYTES = 512 * 1024

const SLOT_BYTES = 16

/** Columns whose slots are filled together: whole groups of four. */
export interface Chunk {
  readonly from: number
  readonly to: number
}

/** What the threads of a training know: sizes, settings, and addresses in bytes. */
export interface TrainingLayout {
  readonly matrix: Omit<QuantileMatrix, 'cuts' | 'memory'>
  readonly shares: ColumnShares
  readonly seed: number
  readonly maxDepth: number
  readonly learningRate: number
  readonly gamma: number
  readonly isBounded: boolean
  /** Slots of a whole histogram. */
  readonly slotCount: number
  /** Chunks of a histogram that threads search together, and those that one thread fills alone. */
  readonly sharedChunks: readonly Chunk[]
  readonly ownChunks: readonly Chunk[]
  /** int32 words: what the tasks of a phase are about. */
  readonly args: number
  /** int32: how many nodes the tree has. */
  readonly nodeCount: number
  readonly nodeCapacity: number
  readonly nodes: number
  /** Column records and rules, see split.ts. */
  readonly columns: number
  readonly rules: number
  /** Row numbers; those of a node lie together. */
  readonly rows: number
  /** The rows that the tree is not grown on. */
  readonly others: number
  /** Room for one side of a split of all rows, twice. */
  readonly spare: number
  readonly secondSpare: number
  readonly labels: number
  readonly weights: number
  readonly margins: number
  readonly gradients: number
  /** float64 pairs, one for each block of rows. */
  readonly sums: number
  /** int32 for each block of rows: how many of them went left, and how many before them. */
  readonly leftCounts: number
  /** Best splits: for each shared chunk two. */
  readonly chunkSplits: number
  /** int32: nodes that are grown on by one thread, or the leaves. */
  readonly nodeList: number
  readonly allFeatures: number
  /** Of each thread. */
  readonly features: readonly number[]
  readonly scratch: readonly number[]
  /** Histograms of parts of a node's rows. */
  readonly pieces: readonly number[]
  readonly ownHistograms: readonly (readonly number[])[]
  readonly sharedHistograms: readonly number[]
  readonly end: number
}

/** Lays a training out from the address `begin` on. */
export function layTraining(
  matrix: QuantileMatrix,
  params: BoosterParams,
  threadCount: number,
  begin: number,
): TrainingLayout {
  const { cuts, memory: _, ...codes } = matrix
  const { rowCount, columnCount, stride } = codes
  const slotCount = slotOffset(matrix, stride)
  const chunkCost = (from: number, to: number): number =>
    (slotOffset(matrix, to) - slotOffset(matrix, from)) * SLOT_BYTES
  const ownChunks = cutChunks(stride, stride, chunkCost)
  const sharedChunks = cutChunks(stride, Math.ceil(stride / 4 / threadCount / 2) * 4, chunkCost)
  const scratchBytes = Math.max(...ownChunks.map(({ from, to }) => chunkCost(from, to)))
  const histogramBytes = slotCount * SLOT_BYTES
  const nodeCapacity = nodeCapacityOf(rowCount, params)
  const blockCount = Math.ceil(rowCount / BLOCK_ROWS)

  const space = new AddressSpace(begin)
  const several = (count: number, bytes: number): number[] =>
    Array.from({ length: count }, () => space.take(bytes))
  const ownCount = Math.min(THREAD_HISTOGRAMS_MAX, Math.floor(THREAD_HISTOGRAM_BYTES / histogramBytes))
  const sharedCount = Math.min(SHARED_HISTOGRAMS_MAX, Math.floor(SHARED_HISTOGRAM_BYTES / histogramBytes))
  return {
    matrix: codes,
    shares: params,
    seed: params.seed,
    maxDepth: params.maxDepth === 0 ? Number.POSITIVE_INFINITY : params.maxDepth,
    learningRate: Math.fround(params.learningRate),
    gamma: Math.fround(params.gamma),
    isBounded: params.maxDeltaStep !== 0 || params.monotoneConstraints.some((sign) => sign !== 0),
    slotCount,
    sharedChunks,
    ownChunks,
    args: space.take(64),
    nodeCount: space.take(4),
    nodeCapacity,
    nodes: space.take(NODE_BYTES * nodeCapacity),
    columns: space.take(16 * stride),
    rules: space.take(16),
    rows: space.take(4 * rowCount),
    others: space.take(4 * rowCount),
    spare: space.take(4 * rowCount),
    secondSpare: space.take(4 * rowCount),
    labels: space.take(rowCount),
    weights: space.take(4 * rowCount),
    margins: space.take(4 * rowCount),
    gradients: space.take(8 * rowCount),
    sums: space.take(16 * blockCount),
    leftCounts: space.take(8 * blockCount),
    chunkSplits: space.take(2 * SPLIT_BYTES * sharedChunks.length),
    nodeList: space.take(4 * nodeCapacity),
    allFeatures: space.take(4 * columnCount),
    features: several(threadCount, 4 * columnCount),
    scratch: several(threadCount, scratchBytes),
    pieces: several(
      Math.max(1, Math.min(PIECES_MAX, Math.floor(PIECE_BYTES / histogramBytes))),
      histogramBytes,
    ),
    ownHistograms: Array.from({ length: threadCount }, () => several(ownCount, histogramBytes)),
    sharedHistograms: several(sharedCount, histogramBytes),
    end: space.end,
  }
}

/** Slots from one column to the next where codes have 8 bits; `COLUMN_BYTES` of the kernels says why not 256. */
export const NARROW_SLOTS = 260

/** Where the slots of a column begin. */
export function slotOffset({ isWide, cuts, columnCount }: QuantileMatrix, column: number): number {
  if (!isWide) return NARROW_SLOTS * column
  // a bin each, one slot a column for missing values, and one for each column that fills up the last group
  return cuts.offsets[Math.min(column, columnCount)] + column
}

/** Chunks of at most `columnsMax` columns and of `CACHED_BYTES`, but at least of one group. */
function cutChunks(stride: number, columnsMax: number, cost: (from: number, to: number) => number): Chunk[] {
  const chunks: Chunk[] = []
  for (let from = 0; from < stride; ) {
    let to = from + 4
    while (to < stride && to - from < columnsMax && cost(from, to + 4) <= CACHED_BYTES) to += 4
    chunks.push({ from, to })
    from = to
  }
  return chunks
}

/** A tree of `n` leaves has 2 n - 1 nodes, and no more leaves than rows. */
function nodeCapacityOf(rowCount: number, { maxDepth, maxLeaves }: BoosterParams): number {
  const byDepth = maxDepth === 0 || maxDepth > 30 ? Number.POSITIVE_INFINITY : 2 ** maxDepth
  const byLeaves = maxLeaves === 0 ? Number.POSITIVE_INFINITY : maxLeaves
  return 2 * Math.max(1, Math.min(byDepth, byLeaves, rowCount))
}
