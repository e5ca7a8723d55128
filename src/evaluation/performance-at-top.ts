import { checkOption, checkScores } from '../decision/index.ts'
import {
  type Answer,
  type NoAnswer,
  noAnswer,
  type ScoreCurve,
  scoreCurve,
  type Vector,
} from '../math/index.ts'

/** What the highest scores hold. */
export interface TopPerformance {
  /** How many rows were looked at; a share of the rows may be a fraction. */
  readonly alerts: number
  readonly precision: number
  /** NO_POSITIVES when there is no fraud to find. */
  readonly recall: Answer
  /** The lowest score among them. */
  readonly threshold: number
}

/**
 * Precision and recall of the k highest scores: what a team finds that can look at `alerts` rows, or at the share
 * `alertRate` of all rows. Where the border falls among equal scores, they count in proportion: the expectation over
 * every order of the tied rows, so the order of the rows never matters. More alerts than rows: all rows.
 * No rows: NO_ROWS; no alerts: NO_POSITIVE_PREDICTIONS. Errors: SCORES_INVALID, PARAM_INVALID. Cost: one sort.
 *
 * @example
 * performanceAtTop([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8], { alerts: 2 }) // { alerts: 2, precision: 0.5, recall: 0.5, threshold: 0.4 }
 */
export function performanceAtTop(
  yTrue: Vector,
  scores: Vector,
  budget: { alerts: number } | { alertRate: number },
): TopPerformance | NoAnswer {
  const checked = checkScores({ yTrue, scores })
  const rows = checked.scores.length
  const wanted =
    'alerts' in budget
      ? checkOption('alerts', budget.alerts, { minimum: 0 })
      : rows * checkOption('alertRate', budget.alertRate, { minimum: 0, maximum: 1 })
  if (rows === 0) return noAnswer('NO_ROWS')
  const alerts = Math.min(wanted, rows)
  if (alerts === 0) return noAnswer('NO_POSITIVE_PREDICTIONS')
  return topOf(scoreCurve(checked.labels, checked.scores), alerts)
}

function topOf({ thresholds, truePositives, falsePositives }: ScoreCurve, alerts: number): TopPerformance {
  const border = thresholds.findIndex((_, i) => truePositives[i] + falsePositives[i] >= alerts)
  const foundAbove = border > 0 ? truePositives[border - 1] : 0
  const rowsAbove = border > 0 ? foundAbove + falsePositives[border - 1] : 0
  const tied = truePositives[border] + falsePositives[border] - rowsAbove
  const found = foundAbove + ((truePositives[border] - foundAbove) * (alerts - rowsAbove)) / tied
  const positives = truePositives[truePositives.length - 1]
  return {
    alerts,
    precision: found / alerts,
    recall: positives > 0 ? found / positives : noAnswer('NO_POSITIVES'),
    threshold: thresholds[border],
  }
}
