// For tests only: grows one tree on codes without any trick, written to be read. Every node's histograms are
// built anew, so trees are equal to the last bit only where sums of gradients are exact.
import { createRandom } from '../../math/random.ts'
import type { BoosterParams } from '../params.ts'
import type { Tree } from '../tree.ts'
import { sampleColumns, type TreeColumns } from './column-sampler.ts'
import { leafGain, leafGainAt, regularizationOf } from './leaf-weight.ts'
import type { NodeStats, Split } from './node-table.ts'
import { type PlainColumn, plainBestSplit, plus, type Search, type Sums } from './plain-split.fixture.ts'
import type { QuantileCuts } from './quantile-matrix.ts'
import { boundedWeight } from './split-node.ts'

export interface PlainInput {
  /** By column the code of each row. */
  readonly codes: readonly ArrayLike<number>[]
  readonly cuts: QuantileCuts
  /** Gradient and hessian of each row, interleaved. */
  readonly gradients: Float32Array
  readonly rows: readonly number[]
  readonly params: BoosterParams
  /** Its number. */
  readonly tree: number
}

interface PlainNode {
  readonly index: number
  readonly parent: number
  readonly depth: number
  readonly key: number
  readonly rows: readonly number[]
  readonly stats: NodeStats
  /** As a leaf, before the learning rate. */
  readonly weight: number
  split?: Split | undefined
  /** Index of the left child of a node that was split; the right child is the next. */
  left?: number
}

/** Grows the tree, and tells the rows of each of its nodes. */
export function plainTree(input: PlainInput): { tree: Tree; rowsOf: readonly (readonly number[])[] } {
  const { maxLeaves, growPolicy } = input.params
  const search = createSearch(input)
  const root = rootOf(input)
  root.split = search(root)
  const nodes = [root]
  const waiting = [root].filter(isSplittable)
  for (let leaves = 1; waiting.length > 0 && (maxLeaves === 0 || leaves < maxLeaves); leaves++) {
    if (growPolicy === 'lossguide') waiting.sort((a, b) => b.split!.gain - a.split!.gain || a.index - b.index)
    const node = waiting.shift()!
    const children = childrenOf(input, node, node.split!, nodes.length)
    node.left = nodes.length
    nodes.push(...children)
    for (const child of children) child.split = search(child)
    waiting.push(...children.filter(isSplittable))
  }
  return { tree: treeOf(input, nodes), rowsOf: nodes.map(({ rows }) => rows) }
}

const isSplittable = ({ split }: PlainNode): boolean => split !== undefined

/** The best split of a node if it is worth it and the node not too deep. */
function createSearch(input: PlainInput): (node: PlainNode) => Split | undefined {
  const { params, tree } = input
  const random = createRandom(params.seed).fork(`columns of tree ${tree}`)
  const columns = sampleColumns(input.codes.length, params, random)
  return (node) => {
    if (params.maxDepth > 0 && node.depth >= params.maxDepth) return undefined
    const split = plainBestSplit(histogramsOf(input, node, columns), searchOf(input, node.stats))
    if (split === undefined || split.gain <= 1e-6 || split.gain < Math.fround(params.gamma)) return undefined
    return split.leftHessian > 0 && split.rightHessian > 0 ? split : undefined
  }
}

function* histogramsOf(input: PlainInput, node: PlainNode, columns: TreeColumns): Generator<PlainColumn> {
  const { codes, cuts, gradients, params } = input
  for (const feature of columns.forNode(node.depth, node.key)) {
    const binCount = cuts.offsets[feature + 1] - cuts.offsets[feature]
    const bins = Array.from({ length: binCount + 1 }, () => ({ gradient: 0, hessian: 0 }))
    for (const row of node.rows) {
      const bin = bins[codes[feature][row]]
      bin.gradient += gradients[2 * row]
      bin.hessian += gradients[2 * row + 1]
    }
    const monotone = params.monotoneConstraints[feature] ?? 0
    yield { feature, bins: bins.slice(0, binCount), hasMissing: cuts.hasMissing[feature] === 1, monotone }
  }
}

function searchOf({ params }: PlainInput, node: NodeStats): Search {
  const isBounded = params.maxDeltaStep !== 0 || params.monotoneConstraints.some((sign) => sign !== 0)
  return { node, by: regularizationOf(params), isBounded }
}

function rootOf(input: PlainInput): PlainNode {
  const { gradients, rows } = input
  const sums = rows
    .map((row) => ({ gradient: gradients[2 * row], hessian: gradients[2 * row + 1] }))
    .reduce(plus, { gradient: 0, hessian: 0 })
  const bounds = { lowerBound: -Infinity, upperBound: Infinity }
  return { index: 0, parent: -1, depth: 0, key: 0, rows, ...standing(input, sums, bounds, bounds) }
}

type Bounds = Pick<NodeStats, 'lowerBound' | 'upperBound'>

/** Weight within `around`, and the statistics of a node that has the bounds `own`. */
function standing(
  input: PlainInput,
  { gradient, hessian }: Sums,
  around: Bounds,
  own: Bounds,
): Pick<PlainNode, 'weight' | 'stats'> {
  const { by, isBounded } = searchOf(input, { gradient, hessian, gain: 0, ...around })
  const weight = boundedWeight(gradient, hessian, around, by)
  const gain = isBounded ? leafGainAt(weight, gradient, hessian, by) : leafGain(gradient, hessian, by)
  return { weight, stats: { gradient, hessian, gain, ...own } }
}

function childrenOf(input: PlainInput, node: PlainNode, split: Split, index: number): [PlainNode, PlainNode] {
  const { feature, bin, missingLeft } = split
  const missing = input.cuts.offsets[feature + 1] - input.cuts.offsets[feature]
  const goesLeft = (row: number): boolean => {
    const code = input.codes[feature][row]
    return code === missing ? missingLeft : code <= bin
  }
  const left = { gradient: split.leftGradient, hessian: split.leftHessian }
  const right = { gradient: split.rightGradient, hessian: split.rightHessian }
  const { lowerBound, upperBound } = node.stats
  const [leftWeight, rightWeight] = [left, right].map(
    (sums) => standing(input, sums, node.stats, node.stats).weight,
  )
  // a constrained split bounds both sides by the mean of their weights
  const middle = Math.fround(Math.fround(leftWeight + rightWeight) / 2)
  const sign = input.params.monotoneConstraints[feature] ?? 0
  const low = { lowerBound, upperBound: sign === 0 ? upperBound : middle }
  const high = { lowerBound: sign === 0 ? lowerBound : middle, upperBound }
  const place = { parent: node.index, depth: node.depth + 1 }
  const child = (sums: Sums, own: Bounds) => standing(input, sums, node.stats, own)
  return [
    {
      ...place,
      index,
      key: (2 * node.key + 1) | 0,
      rows: node.rows.filter(goesLeft),
      ...child(left, sign < 0 ? high : low),
    },
    {
      ...place,
      index: index + 1,
      key: (2 * node.key + 2) | 0,
      rows: node.rows.filter((row) => !goesLeft(row)),
      ...child(right, sign < 0 ? low : high),
    },
  ]
}

function treeOf(input: PlainInput, nodes: readonly PlainNode[]): Tree {
  const { params, cuts } = input
  const values = nodes.map(({ weight }) => Math.fround(weight * Math.fround(params.learningRate)))
  const splits = nodes.map(({ split, left }) => (left === undefined ? undefined : split))
  const sums = splits.map((split, i) =>
    split === undefined
      ? nodes[i].stats
      : {
          gradient: split.leftGradient + split.rightGradient,
          hessian: split.leftHessian + split.rightHessian,
        },
  )
  const threshold = ({ feature, bin }: Split): number =>
    bin < 0 ? cuts.minValues[feature] : cuts.values[cuts.offsets[feature] + bin]
  // XGBoost keeps the weight of a root without the learning rate, of other leaves with it
  const baseWeight = (split: Split | undefined, i: number): number => {
    if (split === undefined) return i === 0 ? nodes[0].weight : values[i]
    return boundedWeight(sums[i].gradient, sums[i].hessian, nodes[i].stats, regularizationOf(params))
  }
  return {
    nodeCount: nodes.length,
    left: Int32Array.from(nodes, ({ left }) => left ?? -1),
    right: Int32Array.from(nodes, ({ left }) => (left === undefined ? -1 : left + 1)),
    parent: Int32Array.from(nodes, ({ parent }) => parent),
    feature: Int32Array.from(splits, (split) => split?.feature ?? 0),
    threshold: Float32Array.from(splits, (split, i) => (split === undefined ? values[i] : threshold(split))),
    defaultLeft: Uint8Array.from(splits, (split) => Number(split?.missingLeft ?? false)),
    gain: Float32Array.from(splits, (split) => split?.gain ?? 0),
    cover: Float32Array.from(sums, ({ hessian }) => hessian),
    baseWeight: Float32Array.from(splits, baseWeight),
  }
}
