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
