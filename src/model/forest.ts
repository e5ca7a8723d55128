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
  /** Values below it go left; at a leaf its value. */
  readonly threshold: Float32Array
  /** What a missing value adds to `child`: 0 goes left, 1 right. */
  readonly missingStep: Uint8Array
}

/** Lays trees out breadth first. Cost O(nodes); no recursion, so a deep tree costs no stack. */
export function compileForest(trees: readonly Tree[]): Forest {
  const nodeCount = trees.reduce((sum, tree) => sum + tree.nodeCount, 0)
  const forest = {
    roots: new Int32Array(trees.length),
    child: new Int32Array(nodeCount),
    feature: new Int32Array(nodeCount),
    threshold: new Float32Array(nodeCount),
    missingStep: new Uint8Array(nodeCount),
  }
  // the node of the tree that stands at each place of the forest
  const source = new Int32Array(nodeCount)
  let next = 0
  trees.forEach((tree, t) => {
    forest.roots[t] = next
    source[next] = 0
    let place = next++
    for (; place < next; place++) {
      const node = source[place]
      forest.threshold[place] = tree.threshold[node]
      forest.child[place] = -1
      if (tree.left[node] < 0) continue
      forest.feature[place] = tree.feature[node]
      forest.missingStep[place] = 1 - tree.defaultLeft[node]
      forest.child[place] = next
      source[next++] = tree.left[node]
      source[next++] = tree.right[node]
    }
  })
  return forest
}

/** Rows that go through one tree before the next is taken up, so that the tree stays in cache. */
const BLOCK_ROWS = 256

/**
 * Adds the leaves of trees `from` to `to` to the margins of the rows, tree after tree in float32, which is
 * the order and the rounding of XGBoost's CPU predictor. Equal values go right, NaN as the split learned.
 * Cost O(rows × trees × depth); allocates nothing.
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
  const { roots, child, feature, threshold, missingStep } = forest
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
          // a comparison with NaN is false both ways
          if (value < threshold[node]) node = left
          else if (value >= threshold[node]) node = left + 1
          else node = left + missingStep[node]
        }
        // a store into a Float32Array rounds the sum to float32
        margins[row] += threshold[node]
      }
    }
  }
}
