import { type CheckedScores, checkScores } from '../decision/index.ts'
import { FdsError } from '../errors.ts'
import { type NoAnswer, noAnswer, type Vector } from '../math/index.ts'

/**
 * The Brier score: the mean of (probability − label)², weighted; 0 is best. scikit-learn's `brier_score_loss`.
 * No rows: NO_ROWS. A probability outside [0, 1]: SCORES_INVALID. Cost O(n).
 *
 * @example
 * brierLoss([0, 1], [0.5, 1]) // 0.125
 */
export function brierLoss(
  yTrue: Vector,
  yProb: Vector,
  options: { weight?: Vector } = {},
): number | NoAnswer {
  return brierOf(checkProbabilities({ yTrue, yProb, weight: options.weight }))
}

/**
 * The mean of −log(probability given to the label that came), weighted, in nats. Probabilities are kept
 * 2⁻⁵² away from 0 and 1 as in scikit-learn's `log_loss` over doubles (over float32 it keeps 2⁻²³ away; here
 * float32 inputs are doubles too). One class only has an answer. No rows: NO_ROWS.
 * A probability outside [0, 1]: SCORES_INVALID. Cost O(n).
 *
 * @example
 * logLoss([0, 1], [0.5, 0.5]) // 0.6931471805599453
 */
export function logLoss(yTrue: Vector, yProb: Vector, options: { weight?: Vector } = {}): number | NoAnswer {
  return logLossOf(checkProbabilities({ yTrue, yProb, weight: options.weight }))
}

/** Labels, probabilities and weights through the common door, and probabilities held to [0, 1]. */
export function checkProbabilities(given: {
  yTrue: Vector
  yProb: Vector
  weight?: Vector | undefined
}): CheckedScores {
  const checked = checkScores({ yTrue: given.yTrue, scores: given.yProb, weight: given.weight })
  const wrong = checked.scores.findIndex((score) => score < 0 || score > 1)
  if (wrong < 0) return checked
  const reason = `probability ${wrong} must be from 0 to 1, got ${checked.scores[wrong]}`
  throw new FdsError('SCORES_INVALID', { reason })
}

/** The Brier score of what was checked before. */
export function brierOf(checked: CheckedScores): number | NoAnswer {
  return weightedMean(checked, (label, probability) => (probability - label) * (probability - label))
}

/** The log loss of what was checked before. */
export function logLossOf(checked: CheckedScores): number | NoAnswer {
  return weightedMean(checked, (label, probability) => {
    const kept = Math.min(Math.max(probability, Number.EPSILON), 1 - Number.EPSILON)
    return label === 1 ? -Math.log(kept) : -Math.log1p(-kept)
  })
}

function weightedMean(
  { labels, scores, weight }: CheckedScores,
  loss: (label: number, probability: number) => number,
): number | NoAnswer {
  let sum = 0
  let total = 0
  for (let i = 0; i < scores.length; i++) {
    const rowWeight = weight === undefined ? 1 : weight[i]
    sum += rowWeight * loss(labels[i], scores[i])
    total += rowWeight
  }
  return total > 0 ? sum / total : noAnswer('NO_ROWS')
}
