import type { BinnedMatrix } from './binned-matrix.ts'
import type { TreeColumns } from './column-sampler.ts'
import { createGrowQueue } from './grow-queue.ts'
import { buildHistogram, type Histogram, subtractHistogram } from './histogram.ts'
import { createHistogramPool, type HistogramPool } from './histogram-pool.ts'
import { leafGain, leafGainAt, type Regularization, regularizationOf } from './leaf-weight.ts'
import type { BoosterParams } from './params.ts'
import { partitionRows } from './partition-rows.ts'
import {
  boundedWeight,
  findBestSplit,
  type NodeStats,
  noSplit,
  type Split,
  type SplitColumn,
} from './split.ts'
import { addLeaf, createGrowingTree, type GrowingTree } from './tree.ts'

/** Gains up to this count as none (XGBoost's `kRtEps`). */
const GAIN_MIN = 1e-6

/** A tree with the rows of each node: those of a leaf are `rows[begin[leaf]..end[leaf])`. */
export interface GrownTree {
  readonly tree: GrowingTree
  readonly begin: readonly number[]
  readonly end: readonly number[]
}

/** A leaf that may be split. */
interface Candidate {
  readonly node: number
  readonly depth: number
  readonly begin: number
  readonly end: number
  readonly stats: NodeStats
  readonly split: Split
  readonly histogram: Histogram | undefined
}

/**
 * Grows trees on one binned matrix, level by level or by largest gain: algorithm 1 of Chen & Guestrin 2016
 * (https://arxiv.org/abs/1603.02754) on histograms, as XGBoost's `hist`. Only the lighter child's histogram
 * is built, the other is the parent's less that one. Node numbers, tie-breaking and float32 roundings are
 * XGBoost's; XGBoost takes the child with the smaller sum of hessians to be the lighter, here rows count.
 *
 * Buffers are made once. Cost of a tree O(rows × columns × depth).
 */
export class TreeGrower {
  readonly #binned: BinnedMatrix
  readonly #params: BoosterParams
  readonly #by: Regularization
  readonly #gamma: number
  readonly #learningRate: number
  readonly #unbounded: boolean
  readonly #columns: readonly SplitColumn[]
  readonly #pool: HistogramPool
  readonly #spare: Int32Array

  constructor(binned: BinnedMatrix, params: BoosterParams) {
    this.#binned = binned
    this.#params = params
    this.#by = regularizationOf(params)
    this.#gamma = Math.fround(params.gamma)
    this.#learningRate = Math.fround(params.learningRate)
    this.#columns = splitColumns(binned, params.monotoneConstraints)
    this.#unbounded = params.maxDeltaStep === 0 && params.monotoneConstraints.every((sign) => sign === 0)
    this.#pool = createHistogramPool(binned)
    this.#spare = new Int32Array(binned.rowCount)
  }

  /**
   * Grows one tree on the given rows and puts them into leaf order.
   *
   * @param gradients gradient and hessian of each row of the matrix, interleaved
   */
  grow(gradients: Float32Array, rows: Int32Array, columns: TreeColumns): GrownTree {
    const grown = { tree: createGrowingTree(), begin: [0], end: [rows.length] }
    const queue = createGrowQueue<Candidate>(this.#params.growPolicy)
    const enqueue = (candidate: Candidate | undefined): void => {
      if (candidate !== undefined) queue.push(candidate)
    }
    enqueue(this.#plantRoot(grown.tree, gradients, rows, columns))

    const { maxLeaves } = this.#params
    let leafCount = 1
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      if (maxLeaves > 0 && leafCount >= maxLeaves) {
        this.#drop(next)
        continue
      }
      const middle = partitionRows(rows, next.begin, next.end, this.#spare, this.#binned, next.split)
      if (middle === next.begin || middle === next.end) {
        // what subtraction left in an empty bin is no child; a limit of depth may not be there to end this
        this.#drop(next)
        continue
      }
      leafCount++
      const stats = this.#split(grown, next, middle)
      if (this.#mayDeepen(next.depth + 1)) {
        for (const child of this.#children(grown, next, stats, gradients, rows, columns)) enqueue(child)
      } else this.#drop(next)
    }
    return grown
  }

  #plantRoot(
    tree: GrowingTree,
    gradients: Float32Array,
    rows: Int32Array,
    columns: TreeColumns,
  ): Candidate | undefined {
    const sums = sumGradients(gradients, rows)
    const bounds = { lowerBound: -Infinity, upperBound: Infinity }
    const weight = boundedWeight(sums.gradient, sums.hessian, bounds, this.#by)
    const stats = { ...sums, ...bounds, gain: this.#gainOf(weight, sums.gradient, sums.hessian) }
    addLeaf(tree, { parent: -1, value: Math.fround(weight * this.#learningRate), cover: sums.hessian })
    tree.baseWeight[0] = weight
    if (!this.#mayDeepen(0)) return undefined
    const histogram = this.#pool.take()
    buildHistogram(histogram, this.#binned, gradients, rows, 0, rows.length)
    return this.#candidate({ node: 0, depth: 0, begin: 0, end: rows.length, stats }, histogram, columns)
  }

  /** Turns the leaf into a split with two leaves, and returns the sums and bounds of these. */
  #split(
    grown: { tree: GrowingTree; begin: number[]; end: number[] },
    from: Candidate,
    middle: number,
  ): { left: NodeStats; right: NodeStats } {
    const { tree } = grown
    const { node, split, stats } = from
    const { leftGradient, leftHessian, rightGradient, rightHessian, feature, bin } = split
    const hessian = leftHessian + rightHessian
    tree.baseWeight[node] = boundedWeight(leftGradient + rightGradient, hessian, stats, this.#by)
    tree.cover[node] = hessian
    tree.gain[node] = split.gain
    tree.feature[node] = feature
    tree.bin[node] = bin
    tree.threshold[node] = thresholdOf(this.#binned, feature, bin)
    tree.defaultLeft[node] = split.missingLeft ? 1 : 0

    const leftWeight = boundedWeight(leftGradient, leftHessian, stats, this.#by)
    const rightWeight = boundedWeight(rightGradient, rightHessian, stats, this.#by)
    const leaf = (weight: number, cover: number) =>
      addLeaf(tree, { parent: node, value: Math.fround(weight * this.#learningRate), cover })
    tree.left[node] = leaf(leftWeight, leftHessian)
    tree.right[node] = leaf(rightWeight, rightHessian)
    grown.begin.push(from.begin, middle)
    grown.end.push(middle, from.end)

    const { left, right } = childBounds(stats, this.#columns[feature].monotone, leftWeight, rightWeight)
    const leftGain = this.#gainOf(leftWeight, leftGradient, leftHessian)
    const rightGain = this.#gainOf(rightWeight, rightGradient, rightHessian)
    return {
      left: { gradient: leftGradient, hessian: leftHessian, gain: leftGain, ...left },
      right: { gradient: rightGradient, hessian: rightHessian, gain: rightGain, ...right },
    }
  }

  /** Both children of a split node with their best splits, where they have one. */
  #children(
    grown: GrownTree,
    from: Candidate,
    stats: { left: NodeStats; right: NodeStats },
    gradients: Float32Array,
    rows: Int32Array,
    columns: TreeColumns,
  ): (Candidate | undefined)[] {
    const { tree, begin, end } = grown
    const place = (node: number, of: NodeStats) =>
      ({ node, depth: from.depth + 1, begin: begin[node], end: end[node], stats: of }) as const
    const left = place(tree.left[from.node], stats.left)
    const right = place(tree.right[from.node], stats.right)
    const leftIsLight = left.end - left.begin <= right.end - right.begin
    const light = leftIsLight ? left : right
    const heavy = leftIsLight ? right : left

    const lightHistogram = this.#pool.take()
    buildHistogram(lightHistogram, this.#binned, gradients, rows, light.begin, light.end)
    let heavyHistogram: Histogram
    if (from.histogram === undefined) {
      heavyHistogram = this.#pool.take()
      buildHistogram(heavyHistogram, this.#binned, gradients, rows, heavy.begin, heavy.end)
    } else {
      heavyHistogram = this.#pool.unkeep(from.histogram)
      subtractHistogram(heavyHistogram, lightHistogram)
    }
    return [
      this.#candidate(left, leftIsLight ? lightHistogram : heavyHistogram, columns),
      this.#candidate(right, leftIsLight ? heavyHistogram : lightHistogram, columns),
    ]
  }

  /** The node with its best split; undefined, and the histogram given back, when no split is worth it. */
  #candidate(
    place: Omit<Candidate, 'split' | 'histogram'>,
    histogram: Histogram,
    columns: TreeColumns,
  ): Candidate | undefined {
    const split = noSplit()
    for (const f of columns.forNode(place.depth)) {
      findBestSplit(split, histogram, this.#columns[f], place.stats, this.#by, this.#unbounded)
    }
    const isWorthIt =
      split.gain > GAIN_MIN && split.gain >= this.#gamma && split.leftHessian > 0 && split.rightHessian > 0
    if (isWorthIt && this.#mayDeepen(place.depth + 1)) {
      return { ...place, split, histogram: this.#pool.keep(histogram) }
    }
    this.#pool.giveBack(histogram)
    return isWorthIt ? { ...place, split, histogram: undefined } : undefined
  }

  #drop(candidate: Candidate): void {
    if (candidate.histogram !== undefined) this.#pool.giveBack(this.#pool.unkeep(candidate.histogram))
  }

  /** Whether a node at this depth may be split. */
  #mayDeepen(depth: number): boolean {
    return this.#params.maxDepth === 0 || depth < this.#params.maxDepth
  }

  #gainOf(weight: number, gradient: number, hessian: number): number {
    return this.#unbounded
      ? leafGain(gradient, hessian, this.#by)
      : leafGainAt(weight, gradient, hessian, this.#by)
  }
}

function splitColumns(binned: BinnedMatrix, monotone: readonly number[]): SplitColumn[] {
  const { cuts, slotOffsets, columnCount } = binned
  return Array.from({ length: columnCount }, (_, feature) => ({
    feature,
    firstSlot: slotOffsets[feature],
    binCount: cuts.offsets[feature + 1] - cuts.offsets[feature],
    hasMissing: cuts.hasMissing[feature] === 1,
    monotone: monotone[feature] ?? 0,
  }))
}

function sumGradients(gradients: Float32Array, rows: Int32Array): { gradient: number; hessian: number } {
  let gradient = 0
  let hessian = 0
  for (let i = 0; i < rows.length; i++) {
    gradient += gradients[2 * rows[i]]
    hessian += gradients[2 * rows[i] + 1]
  }
  return { gradient, hessian }
}

/** Values below the threshold are those of bins up to `bin`. */
function thresholdOf({ cuts }: BinnedMatrix, feature: number, bin: number): number {
  return bin < 0 ? cuts.minValues[feature] : cuts.values[cuts.offsets[feature] + bin]
}

type Bounds = Pick<NodeStats, 'lowerBound' | 'upperBound'>

/** A constrained split bounds both sides by the mean of their weights, so that deeper splits keep the order. */
function childBounds(
  parent: Bounds,
  monotone: number,
  leftWeight: number,
  rightWeight: number,
): { left: Bounds; right: Bounds } {
  const { lowerBound, upperBound } = parent
  const middle = Math.fround(Math.fround(leftWeight + rightWeight) / 2)
  const low = { lowerBound, upperBound: middle }
  const high = { lowerBound: middle, upperBound }
  if (monotone === 0) return { left: { lowerBound, upperBound }, right: { lowerBound, upperBound } }
  return monotone > 0 ? { left: low, right: high } : { left: high, right: low }
}
