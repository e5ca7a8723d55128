import { checkScores } from '../decision/index.ts'
import { type NoAnswer, noAnswer, scoreCurve, type Vector } from '../math/index.ts'

/** Points by ascending threshold; precision and recall hold one point more, (1, 0), which flags no row. */
export interface PrecisionRecallCurve {
  readonly precision: Float64Array
  readonly recall: Float64Array
  readonly thresholds: Float64Array
}

/**
 * Precision and recall at every distinct score, as scikit-learn's `precision_recall_curve`: thresholds ascend,
 * recall descends. No positives: NO_POSITIVES (scikit-learn warns and sets every recall to 1); no rows: NO_ROWS.
 * Errors: SCORES_INVALID. Cost O(n log n) at most.
 *
 * @example
 * precisionRecallCurve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]).recall // Float64Array [1, 1, 0.5, 0.5, 0]
 */
export function precisionRecallCurve(
  yTrue: Vector,
  scores: Vector,
  options: { weight?: Vector } = {},
): PrecisionRecallCurve | NoAnswer {
  const checked = checkScores({ yTrue, scores, weight: options.weight })
  const curve = scoreCurve(checked.labels, checked.scores, checked.weight)
  const count = curve.thresholds.length
  if (count === 0) return noAnswer('NO_ROWS')
  const positives = curve.truePositives[count - 1]
  if (positives === 0) return noAnswer('NO_POSITIVES')

  const precision = new Float64Array(count + 1)
  const recall = new Float64Array(count + 1)
  precision[count] = 1
  for (let i = 0; i < count; i++) {
    const found = curve.truePositives[i]
    precision[count - 1 - i] = found / (found + curve.falsePositives[i])
    recall[count - 1 - i] = found / positives
  }
  return { precision, recall, thresholds: curve.thresholds.toReversed() }
}
