import { argsortDescending } from './argsort.ts'

/**
 * What every threshold would do: at `thresholds[i]` (distinct scores, descending) the rows with
 * `score >= thresholds[i]` hold `truePositives[i]` positives and `falsePositives[i]` negatives.
 * With weights the two are sums of weights. The last entry holds the totals.
 */
export interface ScoreCurve {
  readonly thresholds: Float64Array
  readonly truePositives: Float64Array
  readonly falsePositives: Float64Array
}

/**
 * Sorts once and adds up. Equal scores fall on one threshold; rows of weight 0 are left out. Counts without
 * weights are exact. A kernel: labels are 0 or 1, scores finite and weights at least 0, checked by the caller.
 * Definition: scikit-learn's `confusion_matrix_at_thresholds`. Cost O(n).
 *
 * @example
 * scoreCurve(Uint8Array.of(0, 1, 1), Float64Array.of(0.2, 0.2, 0.9)).truePositives // Float64Array [1, 2]
 */
export function scoreCurve(labels: Uint8Array, scores: Float64Array, weight?: Float64Array): ScoreCurve {
  const order = argsortDescending(scores)
  const count = order.length
  const thresholds = new Float64Array(count)
  const truePositives = new Float64Array(count)
  const falsePositives = new Float64Array(count)
  let distinct = 0
  let positives = 0
  let negatives = 0

  for (let i = 0; i < count; i++) {
    const row = order[i]
    const rowWeight = weight === undefined ? 1 : weight[row]
    if (rowWeight === 0) continue
    if (labels[row] === 1) positives += rowWeight
    else negatives += rowWeight
    // a score equal to the one before stays on its threshold
    if (distinct === 0 || scores[row] !== thresholds[distinct - 1]) distinct++
    thresholds[distinct - 1] = scores[row]
    truePositives[distinct - 1] = positives
    falsePositives[distinct - 1] = negatives
  }
  return {
    thresholds: thresholds.slice(0, distinct),
    truePositives: truePositives.slice(0, distinct),
    falsePositives: falsePositives.slice(0, distinct),
  }
}
