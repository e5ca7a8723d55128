/**
 * One regression tree, node after node, as XGBoost numbers them: node 0 is the root, children come after
 * their parent. Numbers are float32, as XGBoost stores them.
 */
export interface Tree {
  readonly nodeCount: number
  /** -1 at a leaf. */
  readonly left: Int32Array
  /** -1 at a leaf. */
  readonly right: Int32Array
  /** -1 at the root. */
  readonly parent: Int32Array
  /** Column that the node splits; 0 at a leaf. */
  readonly feature: Int32Array
  /** Values below it go left, equal values right; NaN at a categorical split; at a leaf the leaf's value. */
  readonly threshold: Float32Array
  /** 1 where missing values go left. */
  readonly defaultLeft: Uint8Array
  /** Loss reduction of the split, without the factor 1/2; 0 at a leaf. */
  readonly gain: Float32Array
  /** Sum of hessians. */
  readonly cover: Float32Array
  /** Weight before the learning rate at a split, the leaf's value at a leaf. */
  readonly baseWeight: Float32Array
  /** By categorical split the categories that go right, ascending; absent where no split is categorical. */
  readonly categories?: ReadonlyMap<number, Int32Array>
}

/** A tree while it grows. Node columns are plain arrays; `bin` is the last bin that goes left. */
export interface GrowingTree {
  readonly left: number[]
  readonly right: number[]
  readonly parent: number[]
  readonly feature: number[]
  readonly bin: number[]
  readonly threshold: number[]
  readonly defaultLeft: number[]
  readonly gain: number[]
  readonly cover: number[]
  readonly baseWeight: number[]
}

export function createGrowingTree(): GrowingTree {
  return {
    left: [],
    right: [],
    parent: [],
    feature: [],
    bin: [],
    threshold: [],
    defaultLeft: [],
    gain: [],
    cover: [],
    baseWeight: [],
  }
}

/** Appends a leaf and returns its index. */
export function addLeaf(tree: GrowingTree, leaf: { parent: number; value: number; cover: number }): number {
  const node = tree.left.length
  tree.left.push(-1)
  tree.right.push(-1)
  tree.parent.push(leaf.parent)
  tree.feature.push(0)
  tree.bin.push(0)
  tree.threshold.push(leaf.value)
  tree.defaultLeft.push(0)
  tree.gain.push(0)
  tree.cover.push(leaf.cover)
  tree.baseWeight.push(leaf.value)
  return node
}

export function finishTree(tree: GrowingTree): Tree {
  return {
    nodeCount: tree.left.length,
    left: Int32Array.from(tree.left),
    right: Int32Array.from(tree.right),
    parent: Int32Array.from(tree.parent),
    feature: Int32Array.from(tree.feature),
    threshold: Float32Array.from(tree.threshold),
    defaultLeft: Uint8Array.from(tree.defaultLeft),
    gain: Float32Array.from(tree.gain),
    cover: Float32Array.from(tree.cover),
    baseWeight: Float32Array.from(tree.baseWeight),
  }
}
