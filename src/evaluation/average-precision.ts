import { checkScores } from '../decision/index.ts'
import { type NoAnswer, noAnswer, type ScoreCurve, scoreCurve, type Vector } from '../math/index.ts'

/**
 * Average precision, the area under the precision-recall curve as a sum of steps: Σ (recall_i − recall_{i−1}) ·
 * precision_i over all distinct scores from the highest down, never the trapezoid rule, which is too kind.
 * Definition: scikit-learn's `average_precision_score`. Tied rows enter together. Weights count rows.
 * No positives: NO_POSITIVES (scikit-learn warns and returns 0); positives alone: 1; no rows: NO_ROWS.
 * Errors: SCORES_INVALID. Cost O(n log n) at most.
 *
 * @example
 * averagePrecisionScore([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]) // 0.8333333333333333
 */
export function averagePrecisionScore(
  yTrue: Vector,
  scores: Vector,
  options: { weight?: Vector } = {},
): number | NoAnswer {
  const checked = checkScores({ yTrue, scores, weight: options.weight })
  return averagePrecisionOf(scoreCurve(checked.labels, checked.scores, checked.weight))
}

/** The same from a curve already made. */
export function averagePrecisionOf({ truePositives, falsePositives }: ScoreCurve): number | NoAnswer {
  const count = truePositives.length
  if (count === 0) return noAnswer('NO_ROWS')
  const positives = truePositives[count - 1]
  if (positives === 0) return noAnswer('NO_POSITIVES')
  let sum = 0
  let before = 0
  for (let i = 0; i < count; i++) {
    const found = truePositives[i]
    sum += (found - before) * (found / (found + falsePositives[i]))
    before = found
  }
  return sum / positives
}
