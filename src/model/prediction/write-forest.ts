import type { AddressSpace, Views } from '../threads/address-space.ts'
import type { Tree } from '../tree.ts'

/** Bytes of a tree's record: address of the root, levels, 1 when a split is categorical, address of the node ids. */
export const TREE_BYTES = 16
/**
 * Bytes of a node: threshold, address of the first child (the second lies behind it), offset of the feature's value
 * in a group of rows, and the value's sign. A leaf is its own first child and holds its value in place of the sign;
 * at a categorical split the set's address stands there. Leaves and categorical splits have the threshold NaN.
 */
const NODE_BYTES = 16
/**
 * Levels that every tree has, so that kernels find the nodes above them at fixed places: a leaf higher up becomes a
 * split that sends every row to its first child, a copy of the leaf.
 */
const FULL_LEVELS = 3
const FULL_SPLITS = 2 ** FULL_LEVELS - 1
/** The nodes that this may add to a tree. */
const ADDED_NODES = 2 * FULL_SPLITS
/** Bytes of one column of a group of eight rows. */
export const COLUMN_BYTES = 32
/** Room for the cache lines to which parts are aligned. */
const PART_BYTES = 128

/** No less than `writeForest` takes. Cost O(trees + categories). */
export function forestBytes(trees: readonly Tree[]): number {
  let bytes = TREE_BYTES * trees.length + PART_BYTES
  for (const tree of trees) {
    bytes += (NODE_BYTES + 4) * (tree.nodeCount + ADDED_NODES) + 2 * PART_BYTES
    for (const set of tree.categories?.values() ?? []) bytes += setBytes(set) + PART_BYTES
  }
  return bytes
}

/**
 * Compiles trees into a memory for the kernels of predict.ts and returns the address of their records, which lie
 * side by side. Siblings lie side by side too, level after level, so that the upper levels share cache lines.
 * Cost O(nodes + categories); no recursion, so a deep tree costs no stack.
 *
 * @param treeWeights what each tree's leaves are multiplied by, in float32; absent for 1
 */
export function writeForest(
  views: Views,
  space: AddressSpace,
  trees: readonly Tree[],
  treeWeights?: Float32Array,
): number {
  const records = space.take(TREE_BYTES * trees.length)
  trees.forEach((tree, t) => {
    const nodes = space.take(NODE_BYTES * (tree.nodeCount + ADDED_NODES))
    const ids = space.take(4 * (tree.nodeCount + ADDED_NODES))
    const depth = writeNodes({ views, space, tree, nodes, ids, weight: treeWeights?.[t] ?? 1 })
    const isCategorical = tree.categories !== undefined && tree.categories.size > 0
    views.int32.set([nodes, depth, isCategorical ? 1 : 0, ids], (records + TREE_BYTES * t) / 4)
  })
  return records
}

interface Writing {
  readonly views: Views
  readonly space: AddressSpace
  readonly tree: Tree
  readonly nodes: number
  readonly ids: number
  readonly weight: number
}

/** Writes the nodes breadth first and returns how many levels lie below the root. */
function writeNodes(on: Writing): number {
  const { views, tree, nodes, weight } = on
  const { int32, float32 } = views
  // node ids by place, which serve as the queue at the same time
  const first = on.ids / 4
  int32[first] = 0
  let count = 1
  let levelEnd = 1
  let depth = 0
  for (let place = 0; place < count; place++) {
    if (place === levelEnd) {
      depth++
      levelEnd = count
    }
    const node = int32[first + place]
    const word = (nodes + NODE_BYTES * place) / 4
    if (tree.left[node] < 0 && place >= FULL_SPLITS) {
      float32[word] = Number.NaN
      int32[word + 1] = nodes + NODE_BYTES * place
      int32[word + 2] = 0
      float32[word + 3] = tree.threshold[node] * weight
      continue
    }
    int32[word + 1] = nodes + NODE_BYTES * count
    int32[word + 2] = COLUMN_BYTES * tree.feature[node]
    if (tree.left[node] < 0) {
      writeNever(float32, word)
      int32.fill(node, first + count, first + count + 2)
      count += 2
      continue
    }
    const rightFirst = writeCondition(on, node, word)
    int32[first + count++] = rightFirst ? tree.right[node] : tree.left[node]
    int32[first + count++] = rightFirst ? tree.left[node] : tree.right[node]
  }
  return depth
}

/** Writes what sends a row to the second child; true when that is the left one. */
function writeCondition({ views, space, tree }: Writing, node: number, word: number): boolean {
  const { int32, float32 } = views
  const set = tree.categories?.get(node)
  if (set !== undefined) {
    float32[word] = Number.NaN
    const address = space.take(setBytes(set))
    int32[word + 3] = address
    writeSet(int32, address / 4, set, 1 - tree.defaultLeft[node])
    return false
  }
  const threshold = tree.threshold[node]
  if (tree.defaultLeft[node] === 1) {
    float32[word] = threshold
    float32[word + 3] = 1
    return false
  }
  // missing values go where a comparison is false, so here the right child is the first, and below the threshold
  // (value < t) is turned into -value >= -(the number before t)
  if (threshold === -Infinity) writeNever(float32, word)
  else {
    float32[word] = -floatBefore(threshold)
    float32[word + 3] = -1
  }
  return true
}

/** Writes a condition that no value meets: 0 or NaN is not 1 or more. */
function writeNever(float32: Float32Array, word: number): void {
  float32[word] = 1
  float32[word + 3] = 0
}

/** Categories below stand as bits in a set, those from here up in a list. */
const BITS_END = 2048

function bitWordsOf(set: Int32Array): number {
  let words = 0
  for (const category of set) if (category < BITS_END) words = (category >> 5) + 1
  return words
}

/** What `writeSet` takes: three words, the bits, and the list, which has no more than all categories. */
function setBytes(set: Int32Array): number {
  return 4 * (3 + bitWordsOf(set) + set.length)
}

/** Writes a set: where missing values go, how many words of bits and of the list follow, and these. */
function writeSet(int32: Int32Array, at: number, set: Int32Array, missingRight: number): void {
  const bitWords = bitWordsOf(set)
  const high = set.filter((category) => category >= BITS_END)
  int32.set([missingRight, bitWords, high.length], at)
  const bits = at + 3
  int32.fill(0, bits, bits + bitWords)
  for (const category of set) if (category < BITS_END) int32[bits + (category >> 5)] |= 1 << (category & 31)
  int32.set(high, bits + bitWords)
}

const float = new Float32Array(1)
const floatBits = new Int32Array(float.buffer)

/** The largest float32 below this one, which is not -Infinity. */
function floatBefore(value: number): number {
  // the one before 0 is the smallest of the negative ones
  if (value === 0) return -(2 ** -149)
  float[0] = value
  floatBits[0] += value > 0 ? -1 : 1
  return float[0]
}
