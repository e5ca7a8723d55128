import { FdsError } from '../../errors.ts'
import type { Tree } from '../tree.ts'
import {
  countOf,
  type DocumentObject,
  fieldOf,
  finiteFloatsOf,
  floatsOf,
  integersOf,
  invalidModel,
  objectOf,
  ofLength,
} from './document-fields.ts'
import type { DocumentValue } from './document-value.ts'
import { readCategories, writeCategories } from './xgboost-categories.ts'

/** XGBoost's parent of a root. */
const NO_PARENT = 2 ** 31 - 1

/** What XGBoost 3.2 writes as the threshold of a categorical split; older versions write NaN, none reads it. */
const NO_THRESHOLD = Math.fround(1e-45)

/**
 * Reads one tree of a model file and checks that it is one: every node that can be reached is reached once, every
 * split names a feature, and has a number or a set of categories to split by. Nodes that pruning left behind
 * (XGBoost keeps them as deleted) are dropped.
 *
 * Errors: `MODEL_FILE_INVALID`; `MODEL_UNSUPPORTED` for leaves of several values. Cost O(nodes); no recursion.
 */
export function readTree(value: unknown, featureCount: number, what: string): Tree {
  const object = objectOf(value, what)
  const nodeCount = readNodeCount(object, what)
  const field = (name: string): [unknown, string] => [fieldOf(object, name), `${what}.${name}`]
  const integers = (name: string) => ofLength(integersOf(...field(name)), nodeCount, `${what}.${name}`)
  const floats = (name: string) => ofLength(finiteFloatsOf(...field(name)), nodeCount, `${what}.${name}`)
  const tree = {
    nodeCount,
    left: integers('left_children'),
    right: integers('right_children'),
    parent: new Int32Array(nodeCount).fill(-1),
    feature: integers('split_indices'),
    threshold: ofLength(floatsOf(...field('split_conditions')), nodeCount, `${what}.split_conditions`),
    defaultLeft: flagsOf(integers('default_left'), `${what}.default_left`),
    gain: floats('loss_changes'),
    cover: floats('sum_hessian'),
    baseWeight: floats('base_weights'),
  }
  const order = Int32Array.from(walk(tree, featureCount, what)).sort()
  const categories = readCategories(object, tree, order, what)
  checkThresholds(tree, order, categories, what)
  const whole = categories.size > 0 ? { ...tree, categories } : tree
  return order.length === nodeCount ? whole : keepNodes(whole, order)
}

/** One tree as XGBoost writes it. */
export function writeTree(tree: Tree, id: number, featureCount: number): DocumentValue {
  const { nodeCount, categories } = tree
  const isCategorical = (node: number): boolean => categories?.has(node) ?? false
  return {
    base_weights: tree.baseWeight,
    ...writeCategories(tree),
    default_left: tree.defaultLeft,
    id,
    left_children: tree.left,
    loss_changes: tree.gain,
    parents: tree.parent.map((parent) => (parent < 0 ? NO_PARENT : parent)),
    right_children: tree.right,
    split_conditions: tree.threshold.map((value, node) => (isCategorical(node) ? NO_THRESHOLD : value)),
    split_indices: tree.feature,
    split_type: Uint8Array.from({ length: nodeCount }, (_, node) => (isCategorical(node) ? 1 : 0)),
    sum_hessian: tree.cover,
    tree_param: {
      num_deleted: '0',
      num_feature: String(featureCount),
      num_nodes: String(nodeCount),
      size_leaf_vector: '1',
    },
  }
}

function readNodeCount(object: DocumentObject, what: string): number {
  const param = objectOf(fieldOf(object, 'tree_param'), `${what}.tree_param`)
  const leafSize = countOf(fieldOf(param, 'size_leaf_vector') ?? 1, `${what}.tree_param.size_leaf_vector`)
  if (leafSize > 1) {
    throw new FdsError('MODEL_UNSUPPORTED', {
      what: 'Values of a leaf',
      got: String(leafSize),
      supported: ['1'],
    })
  }
  const nodeCount = countOf(fieldOf(param, 'num_nodes'), `${what}.tree_param.num_nodes`)
  if (nodeCount === 0) throw invalidModel(`${what} must have at least one node, got 0`)
  return nodeCount
}

function flagsOf(integers: Int32Array, what: string): Uint8Array {
  const wrong = integers.findIndex((flag) => flag !== 0 && flag !== 1)
  if (wrong >= 0) throw invalidModel(`${what}[${wrong}] must be 0 or 1, got ${integers[wrong]}`)
  return Uint8Array.from(integers)
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

/** Thresholds must be finite but at categorical splits, where they become NaN. */
function checkThresholds(
  { threshold }: Tree,
  reached: Int32Array,
  categories: ReadonlyMap<number, Int32Array>,
  what: string,
): void {
  for (const node of reached) {
    if (categories.has(node)) threshold[node] = Number.NaN
    else if (!Number.isFinite(threshold[node])) {
      throw invalidModel(`${what}.split_conditions[${node}] must be a finite float32, got ${threshold[node]}`)
    }
  }
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
    ...(tree.categories && {
      categories: new Map(Array.from(tree.categories, ([node, set]) => [place[node], set])),
    }),
  }
}
