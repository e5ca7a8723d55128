import type { Histogram } from './histogram.ts'
import { leafGain, leafGainAt, leafWeight, type Regularization } from './leaf-weight.ts'

/** The best split of a node so far; the searches improve it in place, so that they allocate nothing. */
export interface Split {
  /** Loss reduction without the factor 1/2; 0 while there is none. */
  gain: number
  /** -1 while there is none. */
  feature: number
  /** Rows whose bin is at most `bin` go left; -1 sends every present value right. */
  bin: number
  missingLeft: boolean
  leftGradient: number
  leftHessian: number
  rightGradient: number
  rightHessian: number
}

/** Sums of a node, and the bounds that monotone constraints above it put on its weight. */
export interface NodeStats {
  readonly gradient: number
  readonly hessian: number
  /** Loss reduction of the node as a leaf, float32. */
  readonly gain: number
  readonly lowerBound: number
  readonly upperBound: number
}

/** Where one column lies in a histogram, and what is asked of its splits. */
export interface SplitColumn {
  readonly feature: number
  readonly firstSlot: number
  readonly binCount: number
  readonly hasMissing: boolean
  /** 1: the weight may only rise with the column, -1: only fall, 0: free. */
  readonly monotone: number
}

export function noSplit(): Split {
  return {
    gain: 0,
    feature: -1,
    bin: -1,
    missingLeft: false,
    leftGradient: 0,
    leftHessian: 0,
    rightGradient: 0,
    rightHessian: 0,
  }
}

/**
 * Finds the best split of one column in two scans of its histogram and puts it into `best` if it gains more.
 * Cost O(bins).
 *
 * Gain is equation 7 of Chen & Guestrin 2016 (https://arxiv.org/abs/1603.02754) as XGBoost's `hist` codes it:
 * without the factor 1/2, gamma left to the caller, and float32, so that ties fall as they do there. The scan
 * to the right sends missing rows right; its last bin splits present from missing. The scan to the left sends
 * them left and must gain more to win. An earlier column wins a tie. XGBoost asks sums whether the node has
 * missing rows, here the column is asked; without missing values the direction learned is right.
 *
 * @param unbounded true when neither `maxDeltaStep` nor a monotone constraint can cut a weight
 */
export function findBestSplit(
  best: Split,
  histogram: Histogram,
  column: SplitColumn,
  node: NodeStats,
  by: Regularization,
  unbounded: boolean,
): void {
  const { firstSlot, binCount, hasMissing } = column
  const { minChildWeight } = by
  const totalGradient = node.gradient
  const totalHessian = node.hessian
  const parentGain = node.gain
  const { fround } = Math

  // to the right: missing rows on the right
  let gradient = 0
  let hessian = 0
  for (let bin = 0; bin < binCount; bin++) {
    const slot = (firstSlot + bin) << 1
    gradient += histogram[slot]
    hessian += histogram[slot + 1]
    const otherHessian = totalHessian - hessian
    if (hessian < minChildWeight || otherHessian < minChildWeight) continue
    const otherGradient = totalGradient - gradient
    const children = unbounded
      ? fround(leafGain(gradient, hessian, by) + leafGain(otherGradient, otherHessian, by))
      : boundedGain(gradient, hessian, otherGradient, otherHessian, column.monotone, node, by)
    const gain = fround(children - parentGain)
    if (gain > best.gain) {
      setSplit(best, gain, column.feature, bin, false)
      setSums(best, gradient, hessian, otherGradient, otherHessian)
    }
  }
  if (!hasMissing) return

  // to the left: missing rows on the left
  gradient = 0
  hessian = 0
  for (let bin = binCount - 1; bin >= 0; bin--) {
    const slot = (firstSlot + bin) << 1
    gradient += histogram[slot]
    hessian += histogram[slot + 1]
    const otherHessian = totalHessian - hessian
    if (hessian < minChildWeight || otherHessian < minChildWeight) continue
    const otherGradient = totalGradient - gradient
    const children = unbounded
      ? fround(leafGain(otherGradient, otherHessian, by) + leafGain(gradient, hessian, by))
      : boundedGain(otherGradient, otherHessian, gradient, hessian, column.monotone, node, by)
    const gain = fround(children - parentGain)
    if (gain > best.gain) {
      setSplit(best, gain, column.feature, bin - 1, true)
      setSums(best, otherGradient, otherHessian, gradient, hessian)
    }
  }
}

/** Gain of both children when weights are cut; -Infinity when they break the column's constraint. */
function boundedGain(
  leftGradient: number,
  leftHessian: number,
  rightGradient: number,
  rightHessian: number,
  monotone: number,
  node: NodeStats,
  by: Regularization,
): number {
  const left = boundedWeight(leftGradient, leftHessian, node, by)
  const right = boundedWeight(rightGradient, rightHessian, node, by)
  if ((monotone > 0 && left > right) || (monotone < 0 && left < right)) return -Infinity
  return Math.fround(
    leafGainAt(left, leftGradient, leftHessian, by) + leafGainAt(right, rightGradient, rightHessian, by),
  )
}

/** The leaf weight, moved into the bounds of the node that the leaf would be split from. */
export function boundedWeight(
  gradient: number,
  hessian: number,
  node: { readonly lowerBound: number; readonly upperBound: number },
  by: Regularization,
): number {
  const weight = leafWeight(gradient, hessian, by)
  if (weight < node.lowerBound) return node.lowerBound
  return weight > node.upperBound ? node.upperBound : weight
}

function setSplit(best: Split, gain: number, feature: number, bin: number, missingLeft: boolean): void {
  best.gain = gain
  best.feature = feature
  best.bin = bin
  best.missingLeft = missingLeft
}

function setSums(
  best: Split,
  leftGradient: number,
  leftHessian: number,
  rightGradient: number,
  rightHessian: number,
): void {
  best.leftGradient = leftGradient
  best.leftHessian = leftHessian
  best.rightGradient = rightGradient
  best.rightHessian = rightHessian
}
