import type { Tree } from './tree.ts'

/**
 * Trees laid out for prediction: one array per field over all nodes of all trees, siblings side by side, so
 * that a step down is one read and one comparison.
 */
export interface Forest {
  /** The node at which each tree starts. */
  readonly roots: Int32Array
  /** Left child of a split, its right child is the next node; -1 at a leaf. */
  readonly child: Int32Array
  readonly feature: Int32Array
  /** Values below it go left; NaN at a categorical split; at a leaf its value times the tree's weight. */
  readonly threshold: Float32Array
  /** What a missing value adds to `child`: 0 goes left, 1 right. */
  readonly missingStep: Uint8Array
  /** Which set of categories a categorical split sends right; -1 elsewhere. */
  readonly categorySet: Int32Array
  /** Where each set begins in `categories`, and where the last one ends. */
  readonly setStarts: Int32Array
  /** The sets one after the other, each ascending. */
  readonly categories: Int32Array
}

/**
 * Lays trees out breadth first. Cost O(nodes + categories); no recursion, so a deep tree costs no stack.
 *
 * @param treeWeights what each tree's leaves are multiplied by, in float32; absent for 1
 */
export function compileForest(trees: readonly Tree[], treeWeights?: Float32Array): Forest {
  const nodeCount = trees.reduce((sum, tree) => sum + tree.nodeCount, 0)
  const forest = {
    roots: new Int32Array(trees.length),
    child: new Int32Array(nodeCount),
    feature: new Int32Array(nodeCount),
    threshold: new Float32Array(nodeCount),
    missingStep: new Uint8Array(nodeCount),
    categorySet: new Int32Array(nodeCount).fill(-1),
  }
  const sets: Int32Array[] = []
  // the node of the tree that stands at each place of the forest
  const source = new Int32Array(nodeCount)
  let next = 0
  trees.forEach((tree, t) => {
    const weight = treeWeights?.[t] ?? 1
    forest.roots[t] = next
    source[next] = 0
    let place = next++
    for (; place < next; place++) {
      const node = source[place]
      forest.child[place] = -1
      if (tree.left[node] < 0) {
        forest.threshold[place] = tree.threshold[node] * weight
        continue
      }
      const set = tree.categories?.get(node)
      if (set !== undefined) forest.categorySet[place] = sets.push(set) - 1
      forest.threshold[place] = set === undefined ? tree.threshold[node] : Number.NaN
      forest.feature[place] = tree.feature[node]
      forest.missingStep[place] = 1 - tree.defaultLeft[node]
      forest.child[place] = next
      source[next++] = tree.left[node]
      source[next++] = tree.right[node]
    }
  })
  return { ...forest, ...joinSets(sets) }
}

function joinSets(sets: readonly Int32Array[]): Pick<Forest, 'setStarts' | 'categories'> {
  const setStarts = new Int32Array(sets.length + 1)
  sets.forEach((set, i) => {
    setStarts[i + 1] = setStarts[i] + set.length
  })
  const categories = new Int32Array(setStarts[sets.length])
  sets.forEach((set, i) => {
    categories.set(set, setStarts[i])
  })
  return { setStarts, categories }
}

/** Rows that go through one tree before the next is taken up, so that the tree stays in cache. */
const BLOCK_ROWS = 256

/**
 * Adds the leaves of trees `from` to `to` to the margins of the rows, tree after tree in float32, which is
 * the order and the rounding of XGBoost's CPU predictor. Equal values go right, NaN as the split learned.
 * Cost O(rows × trees × depth), at a categorical split times the logarithm of its categories; allocates nothing.
 *
 * @param values rows of `columnCount` numbers, one for each margin
 */
export function addMargins(
  margins: Float32Array,
  forest: Forest,
  values: Float32Array,
  columnCount: number,
  from: number,
  to: number,
): void {
  const { roots, child, feature, threshold } = forest
  const rowCount = margins.length
  for (let begin = 0; begin < rowCount; begin += BLOCK_ROWS) {
    const end = Math.min(begin + BLOCK_ROWS, rowCount)
    for (let tree = from; tree < to; tree++) {
      const root = roots[tree]
      for (let row = begin; row < end; row++) {
        const start = row * columnCount
        let node = root
        for (let left = child[node]; left >= 0; left = child[node]) {
          const value = values[start + feature[node]]
          // a comparison with NaN is false both ways, be the value missing or the split categorical
          if (value < threshold[node]) node = left
          else if (value >= threshold[node]) node = left + 1
          else node = left + stepOf(forest, node, value)
        }
        // a store into a Float32Array rounds the sum to float32
        margins[row] += threshold[node]
      }
    }
  }
}

/** What a missing value, or a value at a categorical split, adds to `child`: 0 goes left, 1 right. */
function stepOf(forest: Forest, node: number, value: number): number {
  const set = forest.categorySet[node]
  if (set < 0 || Number.isNaN(value)) return forest.missingStep[node]
  return hasCategory(forest, set, value) ? 1 : 0
}

/** XGBoost takes a value from here up for no category. */
const CATEGORY_END = 2 ** 24

/** Whether the value, its fraction cut off, is in the set; never so for a negative or too large one (XGBoost's). */
function hasCategory(forest: Forest, set: number, value: number): boolean {
  if (value < 0 || value >= CATEGORY_END) return false
  const category = Math.trunc(value)
  let low = forest.setStarts[set]
  let high = forest.setStarts[set + 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if (forest.categories[middle] < category) low = middle + 1
    else high = middle
  }
  return low < forest.setStarts[set + 1] && forest.categories[low] === category
}
