import { leafGain, leafGainAt, leafWeight, type Regularization } from './leaf-weight.ts'
import type { NodeStats, NodeTable, Split } from './node-table.ts'
import type { NodeWorker } from './node-worker.ts'

/** Gains up to this count as none (XGBoost's `kRtEps`). */
const GAIN_MIN = 1e-6

/** Up to this many rows both children's histograms are built: that costs less than taking one from the other. */
const DIRECT_ROWS = 256

/** Who splits a node, and with which histograms: one thread alone, or all together. */
export interface Hands {
  readonly worker: NodeWorker
  readonly by: Regularization
  readonly monotone: readonly number[]
  /** Orders the node's rows by its split; returns where the right side begins. */
  partition(node: number): number
  /** Searches two siblings for their best splits; see `NodeWorker.searchAlone`. */
  search(first: number, second: number): void
  /** The address of a histogram with any content; 0 when all are taken. */
  takeHistogram(): number
  giveBackHistogram(address: number): void
}

/**
 * Turns a leaf that has a best split into a split with two leaves, searches these, and returns those that may be
 * split in turn. Only the smaller child's histogram is built, the other is the parent's less that one: XGBoost
 * takes the child with the smaller sum of hessians to be the smaller, here rows count.
 */
export function splitNode(hands: Hands, node: number): number[] {
  const { worker } = hands
  const { table, layout, views } = worker
  const middle = hands.partition(node)
  // what subtraction left in an empty bin is no child; a limit of depth may not be there to end this
  if (middle === table.begin(node) || middle === table.end(node)) {
    release(hands, node)
    return []
  }
  const left = Atomics.add(views.int32, layout.nodeCount / 4, 2)
  addChildren(hands, node, left, middle)
  if (table.depth(left) >= layout.maxDepth) {
    release(hands, node)
    return []
  }
  const leftIsSmall = table.rowCount(left) <= table.rowCount(left + 1)
  const small = leftIsSmall ? left : left + 1
  const large = leftIsSmall ? left + 1 : left
  passHistogram(hands, node, small, large)
  hands.search(small, large)
  return [left, left + 1].filter((child) => settle(hands, child))
}

/** Keeps the best split of a searched node if it is worth it, and its histogram if its children will need it. */
export function settle(hands: Hands, node: number): boolean {
  const { table, layout } = hands.worker
  const { gain, leftHessian, rightHessian } = table.split(node)
  const isWorthIt = gain > GAIN_MIN && gain >= layout.gamma && leftHessian > 0 && rightHessian > 0
  if (!isWorthIt) table.clearSplit(node)
  const isNeeded = isWorthIt && table.depth(node) + 1 < layout.maxDepth && table.rowCount(node) > DIRECT_ROWS
  if (!isNeeded) release(hands, node)
  return isWorthIt
}

/** Gives the root a histogram if its children will need it. */
export function prepareRoot(hands: Hands): void {
  const { table, layout } = hands.worker
  const isNeeded = layout.maxDepth > 1 && table.rowCount(0) > DIRECT_ROWS
  table.setHistogram(0, isNeeded ? hands.takeHistogram() : 0)
}

/** The root's statistics from the sums of all its rows. */
export function addRoot(hands: Hands, sums: { gradient: number; hessian: number }, rowCount: number): void {
  const { gradient, hessian } = sums
  const { table, layout } = hands.worker
  const bounds = { lowerBound: Number.NEGATIVE_INFINITY, upperBound: Number.POSITIVE_INFINITY }
  const weight = boundedWeight(gradient, hessian, bounds, hands.by)
  const stats = { ...sums, ...bounds, gain: gainOf(hands, weight, gradient, hessian) }
  table.addLeaf(0, stats, { depth: 0, begin: 0, end: rowCount, key: 0 }, weight * layout.learningRate)
  // XGBoost shrinks the weight of a leaf that was split off, not that of a root without a split
  table.setBaseWeight(0, weight)
}

function addChildren(hands: Hands, node: number, left: number, middle: number): void {
  const { table, layout } = hands.worker
  const stats = table.stats(node)
  const split = table.split(node)
  const { leftGradient, leftHessian, rightGradient, rightHessian } = split
  const baseWeight = boundedWeight(leftGradient + rightGradient, leftHessian + rightHessian, stats, hands.by)
  table.setChildren(node, left, { missing: hands.worker.missingOf(node), baseWeight })

  const leftWeight = boundedWeight(leftGradient, leftHessian, stats, hands.by)
  const rightWeight = boundedWeight(rightGradient, rightHessian, stats, hands.by)
  const bounds = childBounds(stats, hands.monotone[split.feature] ?? 0, leftWeight, rightWeight)
  const depth = table.depth(node) + 1
  const key = 2 * table.key(node) + 1
  const leftPlace = { depth, key, begin: table.begin(node), end: middle }
  const rightPlace = { depth, key: key + 1, begin: middle, end: table.end(node) }
  const leftStats = childStats(hands, split, 'left', leftWeight)
  const rightStats = childStats(hands, split, 'right', rightWeight)
  table.addLeaf(left, { ...leftStats, ...bounds.left }, leftPlace, leftWeight * layout.learningRate)
  table.addLeaf(left + 1, { ...rightStats, ...bounds.right }, rightPlace, rightWeight * layout.learningRate)
}

function childStats(
  hands: Hands,
  split: Split,
  side: 'left' | 'right',
  weight: number,
): Pick<NodeStats, 'gradient' | 'hessian' | 'gain'> {
  const gradient = side === 'left' ? split.leftGradient : split.rightGradient
  const hessian = side === 'left' ? split.leftHessian : split.rightHessian
  return { gradient, hessian, gain: gainOf(hands, weight, gradient, hessian) }
}

/** Leaves the parent's histogram to the larger child and finds one for the smaller; or neither gets one. */
function passHistogram(hands: Hands, node: number, small: number, large: number): void {
  const { table } = hands.worker
  const ofParent = table.histogram(node)
  const ofSmall = ofParent !== 0 && table.rowCount(large) > DIRECT_ROWS ? hands.takeHistogram() : 0
  if (ofSmall === 0) {
    release(hands, node)
    return
  }
  table.setHistogram(node, 0)
  table.setHistogram(small, ofSmall)
  table.setHistogram(large, ofParent)
}

function release(hands: Hands, node: number): void {
  const table: NodeTable = hands.worker.table
  const address = table.histogram(node)
  if (address !== 0) hands.giveBackHistogram(address)
  table.setHistogram(node, 0)
}

function gainOf(hands: Hands, weight: number, gradient: number, hessian: number): number {
  return hands.worker.layout.isBounded
    ? leafGainAt(weight, gradient, hessian, hands.by)
    : leafGain(gradient, hessian, hands.by)
}

type Bounds = Pick<NodeStats, 'lowerBound' | 'upperBound'>

/** The leaf weight, moved into the bounds of the node that the leaf would be split from. */
export function boundedWeight(gradient: number, hessian: number, node: Bounds, by: Regularization): number {
  return Math.min(Math.max(leafWeight(gradient, hessian, by), node.lowerBound), node.upperBound)
}

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
