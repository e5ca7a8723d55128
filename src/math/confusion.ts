import type { Vector } from './vector.ts'

/** The four counts of a binary decision; with weights, the four sums of weights. */
export interface Confusion {
  readonly tn: number
  readonly fp: number
  readonly fn: number
  readonly tp: number
}

/**
 * Counts decisions against labels. A row is predicted positive when `prob >= threshold`, compared as doubles.
 * A kernel: label 1 is positive and any other is not, and nothing is checked; the public doors of `decision`
 * and `evaluation` check labels, scores and weights first. Definition: scikit-learn's `confusion_matrix`.
 * Cost O(rows), no allocation.
 *
 * @example
 * confusionMatrix([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8], 0.35) // { tn: 1, fp: 1, fn: 0, tp: 2 }
 */
export function confusionMatrix(yTrue: Vector, yProb: Vector, threshold: number, weight?: Vector): Confusion {
  let tn = 0
  let fp = 0
  let fn = 0
  let tp = 0
  for (let i = 0; i < yProb.length; i++) {
    const rowWeight = weight === undefined ? 1 : weight[i]
    if (yProb[i] >= threshold) {
      if (yTrue[i] === 1) tp += rowWeight
      else fp += rowWeight
    } else if (yTrue[i] === 1) fn += rowWeight
    else tn += rowWeight
  }
  return { tn, fp, fn, tp }
}
