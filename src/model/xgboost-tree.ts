import { FdsError } from '../errors.ts'
import { floatsText } from './float-text.ts'
import {
  countOf,
  fieldOf,
  floatsOf,
  integersOf,
  invalidModel,
  type JsonObject,
  listOf,
  objectOf,
} from './json-fields.ts'
import type { Tree } from './tree.ts'

/** XGBoost's parent of a root. */
const NO_PARENT = 2 ** 31 - 1

/**
 * Reads one tree of a model file and checks that it is one: every node that can be reached is reached once,
 * and every split names a feature. Nodes that pruning left behind (XGBoost keeps them as deleted) are dropped.
 *
 * Errors: `MODEL_FILE_INVALID`; `MODEL_UNSUPPORTED` for categorical splits and leaves of several values.
 * Cost O(nodes); no recursion.
 */
export function readTree(value: unknown, featureCount: number, what: string): Tree {
  const json = objectOf(value, what)
  const param = objectOf(fieldOf(json, 'tree_param'), `${what}.tree_param`)
  const nodeCount = countOf(fieldOf(param, 'num_nodes'), `${what}.tree_param.num_nodes`)
  if (nodeCount === 0) throw invalidModel(`${what} must have at least one node, got 0`)
  checkSupported(json, param, what)

  const integers = (name: string) => integersOf(fieldOf(json, name), nodeCount, `${what}.${name}`)
  const floats = (name: string) => floatsOf(fieldOf(json, name), nodeCount, `${what}.${name}`)
  const tree = {
    nodeCount,
    left: integers('left_children'),
    right: integers('right_children'),
    parent: new Int32Array(nodeCount).fill(-1),
    feature: integers('split_indices'),
    threshold: floats('split_conditions'),
    defaultLeft: Uint8Array.from(integers('default_left')),
    gain: floats('loss_changes'),
    cover: floats('sum_hessian'),
    baseWeight: floats('base_weights'),
  }
  const order = walk(tree, featureCount, what)
  return order.length === nodeCount ? tree : keepNodes(tree, Int32Array.from(order).sort())
}

/** One tree as XGBoost writes it; numbers read back as the same float32. */
export function writeTree(tree: Tree, id: number, featureCount: number): string {
  const { nodeCount } = tree
  const integers = (values: ArrayLike<number>): string => `[${Array.from(values).join(',')}]`
  const parents = Array.from(tree.parent, (parent) => (parent < 0 ? NO_PARENT : parent))
  const fields: Record<string, string> = {
    base_weights: floatsText(tree.baseWeight),
    categories: '[]',
    categories_nodes: '[]',
    categories_segments: '[]',
    categories_sizes: '[]',
    default_left: integers(tree.defaultLeft),
    id: String(id),
    left_children: integers(tree.left),
    loss_changes: floatsText(tree.gain),
    parents: integers(parents),
    right_children: integers(tree.right),
    split_conditions: floatsText(tree.threshold),
    split_indices: integers(tree.feature),
    split_type: integers(new Uint8Array(nodeCount)),
    sum_hessian: floatsText(tree.cover),
    tree_param: JSON.stringify({
      num_deleted: '0',
      num_feature: String(featureCount),
      num_nodes: String(nodeCount),
      size_leaf_vector: '1',
    }),
  }
  const members = Object.entries(fields).map(([name, text]) => `"${name}":${text}`)
  return `{${members.join(',')}}`
}

function checkSupported(json: JsonObject, param: JsonObject, what: string): void {
  const leafSize = fieldOf(param, 'size_leaf_vector')
  if (leafSize !== undefined && countOf(leafSize, `${what}.tree_param.size_leaf_vector`) > 1) {
    throw new FdsError('MODEL_UNSUPPORTED', {
      what: 'Values of a leaf',
      got: String(leafSize),
      supported: ['1'],
    })
  }
  const kinds = listOf(fieldOf(json, 'split_type') ?? [], `${what}.split_type`)
  const categories = listOf(fieldOf(json, 'categories_nodes') ?? [], `${what}.categories_nodes`)
  if (categories.length > 0 || kinds.some((kind) => kind !== 0)) {
    throw new FdsError('MODEL_UNSUPPORTED', {
      what: 'The kind of a split',
      got: 'categorical',
      supported: ['numerical'],
    })
  }
}

/** The nodes that can be reached, breadth first; sets their parents. */
function walk(tree: Tree, featureCount: number, what: string): number[] {
  const { nodeCount, left, right, parent, feature } = tree
  const isSeen = new Uint8Array(nodeCount)
  isSeen[0] = 1
  const order = [0]
  for (let i = 0; i < order.length; i++) {
    const node = order[i]
    if (left[node] === -1 && right[node] === -1) continue
    if (feature[node] < 0 || feature[node] >= featureCount) {
      throw invalidModel(
        `${what}, node ${node}: must split one of ${featureCount} features, got ${feature[node]}`,
      )
    }
    for (const child of [left[node], right[node]]) {
      if (child < 0 || child >= nodeCount) {
        throw invalidModel(`${what}, node ${node}: children must be nodes below ${nodeCount}, got ${child}`)
      }
      if (isSeen[child] === 1) throw invalidModel(`${what}: node ${child} must have one parent, got several`)
      isSeen[child] = 1
      parent[child] = node
      order.push(child)
    }
  }
  return order
}

/** The tree with only these nodes, renumbered in their order. */
function keepNodes(tree: Tree, kept: Int32Array): Tree {
  const place = new Int32Array(tree.nodeCount).fill(-1)
  kept.forEach((node, i) => {
    place[node] = i
  })
  const pick = <A extends Int32Array | Float32Array | Uint8Array>(values: A): A =>
    values.slice(0, kept.length).map((_, i) => values[kept[i]]) as A
  const renumber = (values: Int32Array): Int32Array =>
    pick(values).map((node) => (node < 0 ? -1 : place[node]))
  return {
    nodeCount: kept.length,
    left: renumber(tree.left),
    right: renumber(tree.right),
    parent: renumber(tree.parent),
    feature: pick(tree.feature),
    threshold: pick(tree.threshold),
    defaultLeft: pick(tree.defaultLeft),
    gain: pick(tree.gain),
    cover: pick(tree.cover),
    baseWeight: pick(tree.baseWeight),
  }
}
