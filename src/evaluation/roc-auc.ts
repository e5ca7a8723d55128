import { checkScores } from '../decision/index.ts'
import { type NoAnswer, noAnswer, type ScoreCurve, scoreCurve, type Vector } from '../math/index.ts'

/**
 * The area under the ROC curve: the chance that a positive row scores higher than a negative one, ties counted
 * half; the trapezoid rule over all distinct scores, as scikit-learn's `roc_auc_score`. Weights count rows.
 * Labels of one class: ONE_CLASS_ONLY (scikit-learn warns and returns NaN); no rows: NO_ROWS.
 * Errors: SCORES_INVALID. Cost O(n log n) at most.
 *
 * @example
 * rocAucScore([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]) // 0.75
 * rocAucScore([1, 1], [0.1, 0.4]) // { status: 'undefined', reason: 'ONE_CLASS_ONLY' }
 */
export function rocAucScore(
  yTrue: Vector,
  scores: Vector,
  options: { weight?: Vector } = {},
): number | NoAnswer {
  const checked = checkScores({ yTrue, scores, weight: options.weight })
  return rocAucOf(scoreCurve(checked.labels, checked.scores, checked.weight))
}

/** The same from a curve already made. */
export function rocAucOf({ truePositives, falsePositives }: ScoreCurve): number | NoAnswer {
  const count = truePositives.length
  if (count === 0) return noAnswer('NO_ROWS')
  const total = truePositives[count - 1] * falsePositives[count - 1]
  if (total === 0) return noAnswer('ONE_CLASS_ONLY')
  let twiceArea = truePositives[0] * falsePositives[0]
  for (let i = 1; i < count; i++) {
    twiceArea += (falsePositives[i] - falsePositives[i - 1]) * (truePositives[i] + truePositives[i - 1])
  }
  return twiceArea / (2 * total)
}
