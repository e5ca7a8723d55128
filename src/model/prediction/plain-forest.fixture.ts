// For tests only: the slow twin of the kernels in kernels/predict.ts, written to be read.
import type { Tree } from '../tree.ts'

/** How a row left a split, for tests that count what occurred. */
export type Step = `${'number' | 'missing' | 'category' | 'missing category'} ${'left' | 'right'}`

/** The leaf of a row: equal values go right, NaN as the split learned, categories of the set right. */
export function plainLeaf(tree: Tree, row: ArrayLike<number>, seen?: Set<Step>): number {
  let node = 0
  while (tree.left[node] >= 0) {
    const value = Math.fround(row[tree.feature[node]])
    const set = tree.categories?.get(node)
    const kind = set === undefined ? 'number' : 'category'
    let goesRight: boolean
    if (Number.isNaN(value)) goesRight = tree.defaultLeft[node] === 0
    else if (set === undefined) goesRight = value >= tree.threshold[node]
    else goesRight = value >= 0 && value < 2 ** 24 && set.includes(Math.trunc(value))
    seen?.add(
      `${Number.isNaN(value) ? (set ? 'missing category' : 'missing') : kind} ${goesRight ? 'right' : 'left'}`,
    )
    node = goesRight ? tree.right[node] : tree.left[node]
  }
  return node
}

/** The margin of a row: leaf after leaf, every product and every sum rounded to float32. */
export function plainMargin(
  forest: { trees: readonly Tree[]; treeWeights?: ArrayLike<number> | undefined; baseMargin: number },
  row: ArrayLike<number>,
  seen?: Set<Step>,
): number {
  let margin = Math.fround(forest.baseMargin)
  forest.trees.forEach((tree, t) => {
    const weight = Math.fround(forest.treeWeights?.[t] ?? 1)
    margin = Math.fround(margin + Math.fround(tree.threshold[plainLeaf(tree, row, seen)] * weight))
  })
  return margin
}
