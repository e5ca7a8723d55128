import type { Tree } from '../tree.ts'
import type { NodeTable } from './node-table.ts'
import type { QuantileCuts } from './quantile-matrix.ts'

/**
 * Takes a grown tree out of the table of nodes.
 *
 * @param order the nodes in the order of their numbers in the tree, the root first
 */
export function readTree(table: NodeTable, order: readonly number[], cuts: QuantileCuts): Tree {
  const nodeCount = order.length
  const tree = {
    nodeCount,
    left: new Int32Array(nodeCount).fill(-1),
    right: new Int32Array(nodeCount).fill(-1),
    parent: new Int32Array(nodeCount).fill(-1),
    feature: new Int32Array(nodeCount),
    threshold: new Float32Array(nodeCount),
    defaultLeft: new Uint8Array(nodeCount),
    gain: new Float32Array(nodeCount),
    cover: new Float32Array(nodeCount),
    baseWeight: new Float32Array(nodeCount),
  }
  const places = new Map(order.map((node, place) => [node, place]))
  order.forEach((node, place) => {
    tree.cover[place] = table.cover(node)
    tree.baseWeight[place] = table.baseWeight(node)
    tree.threshold[place] = table.value(node)
    const left = places.get(table.left(node))
    const right = places.get(table.left(node) + 1)
    if (left === undefined || right === undefined) return
    tree.left[place] = left
    tree.right[place] = right
    tree.parent[left] = place
    tree.parent[right] = place
    tree.feature[place] = table.feature(node)
    tree.threshold[place] = thresholdOf(cuts, table.feature(node), table.bin(node))
    tree.defaultLeft[place] = table.missingLeft(node) ? 1 : 0
    tree.gain[place] = table.splitGain(node)
  })
  return tree
}

/** The nodes level by level, as XGBoost numbers them when a tree grows so. */
export function levelOrder(table: NodeTable): number[] {
  const order = [0]
  for (let i = 0; i < order.length; i++) {
    const left = table.left(order[i])
    if (left >= 0) order.push(left, left + 1)
  }
  return order
}

/** Values below the threshold are those of bins up to `bin`. */
function thresholdOf(cuts: QuantileCuts, feature: number, bin: number): number {
  return bin < 0 ? cuts.minValues[feature] : cuts.values[cuts.offsets[feature] + bin]
}
