// For tests only: the search for the best split of a node, written to be read.
import { leafGain, leafGainAt, type Regularization } from './leaf-weight.ts'
import type { NodeStats, Split } from './node-table.ts'
import { boundedWeight } from './split-node.ts'

export interface Sums {
  readonly gradient: number
  readonly hessian: number
}

/** The sums of one column's bins, and what is asked of its splits. */
export interface PlainColumn {
  readonly feature: number
  readonly bins: readonly Sums[]
  readonly hasMissing: boolean
  readonly monotone: number
}

export interface Search {
  readonly node: NodeStats
  readonly by: Regularization
  /** Whether weights can be cut: by `maxDeltaStep` or by monotone constraints. */
  readonly isBounded: boolean
}

/** The best split of some columns that gains more than 0; an earlier column, then an earlier try wins a tie. */
export function plainBestSplit(columns: Iterable<PlainColumn>, search: Search): Split | undefined {
  let best: Split | undefined
  for (const column of columns) {
    for (const tried of triesOf(column, search)) if (tried.gain > (best?.gain ?? 0)) best = tried
  }
  return best
}

/** Every split of a column in XGBoost's order: to the right missing rows go right, to the left they go left. */
function* triesOf({ feature, bins, hasMissing, monotone }: PlainColumn, search: Search): Generator<Split> {
  const { node } = search
  const rest = (near: Sums): Sums => minus(node, near)
  let near = { gradient: 0, hessian: 0 }
  for (let bin = 0; bin < bins.length; bin++) {
    near = plus(near, bins[bin])
    yield splitOf({ feature, bin, missingLeft: false }, near, rest(near), monotone, search)
  }
  if (!hasMissing) return
  near = { gradient: 0, hessian: 0 }
  for (let bin = bins.length - 1; bin >= 0; bin--) {
    near = plus(near, bins[bin])
    yield splitOf({ feature, bin: bin - 1, missingLeft: true }, rest(near), near, monotone, search)
  }
}

function splitOf(
  place: Pick<Split, 'feature' | 'bin' | 'missingLeft'>,
  left: Sums,
  right: Sums,
  monotone: number,
  search: Search,
): Split {
  return {
    ...place,
    gain: gainOf(left, right, monotone, search),
    leftGradient: left.gradient,
    leftHessian: left.hessian,
    rightGradient: right.gradient,
    rightHessian: right.hessian,
  }
}

/** Equation 7 of Chen & Guestrin 2016 without the factor 1/2; -Infinity where the split is not allowed. */
function gainOf(left: Sums, right: Sums, monotone: number, { node, by, isBounded }: Search): number {
  const { fround } = Math
  const lightest = Math.min(left.hessian, right.hessian)
  // a side without hessians has no rows; XGBoost finds no gain in it
  if (lightest < by.minChildWeight || lightest <= 0) return -Infinity
  if (!isBounded) {
    const children = leafGain(left.gradient, left.hessian, by) + leafGain(right.gradient, right.hessian, by)
    return fround(fround(children) - node.gain)
  }
  const leftWeight = boundedWeight(left.gradient, left.hessian, node, by)
  const rightWeight = boundedWeight(right.gradient, right.hessian, node, by)
  if (monotone * (rightWeight - leftWeight) < 0) return -Infinity
  const leftGain = leafGainAt(leftWeight, left.gradient, left.hessian, by)
  const rightGain = leafGainAt(rightWeight, right.gradient, right.hessian, by)
  return fround(fround(leftGain + rightGain) - node.gain)
}

export function plus(a: Sums, b: Sums): Sums {
  return { gradient: a.gradient + b.gradient, hessian: a.hessian + b.hessian }
}

export function minus(a: Sums, b: Sums): Sums {
  return { gradient: a.gradient - b.gradient, hessian: a.hessian - b.hessian }
}
