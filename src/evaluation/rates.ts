import { type Confusion, type NoAnswer, noAnswer } from '../math/index.ts'

/**
 * The share of flagged rows that are fraud, tp / (tp + fp).
 * Nothing flagged: NO_POSITIVE_PREDICTIONS (scikit-learn warns and returns its `zero_division`, 0 by default).
 *
 * @example
 * precisionScore({ tn: 1, fp: 1, fn: 0, tp: 2 }) // 0.6666666666666666
 */
export function precisionScore(confusion: Confusion): number | NoAnswer {
  const { tp, fp } = confusion
  if (rowsOf(confusion) === 0) return noAnswer('NO_ROWS')
  return tp + fp > 0 ? tp / (tp + fp) : noAnswer('NO_POSITIVE_PREDICTIONS')
}

/**
 * The share of fraud that is flagged, tp / (tp + fn).
 * No fraud in the rows: NO_POSITIVES (scikit-learn warns and returns its `zero_division`, 0 by default).
 *
 * @example
 * recallScore({ tn: 1, fp: 1, fn: 0, tp: 2 }) // 1
 */
export function recallScore(confusion: Confusion): number | NoAnswer {
  const { tp, fn } = confusion
  if (rowsOf(confusion) === 0) return noAnswer('NO_ROWS')
  return tp + fn > 0 ? tp / (tp + fn) : noAnswer('NO_POSITIVES')
}

/**
 * The share of legitimate rows that are flagged, fp / (fp + tn). No legitimate rows: NO_NEGATIVES.
 *
 * @example
 * falsePositiveRate({ tn: 1, fp: 1, fn: 0, tp: 2 }) // 0.5
 */
export function falsePositiveRate(confusion: Confusion): number | NoAnswer {
  const { fp, tn } = confusion
  if (rowsOf(confusion) === 0) return noAnswer('NO_ROWS')
  return fp + tn > 0 ? fp / (fp + tn) : noAnswer('NO_NEGATIVES')
}

/**
 * The harmonic mean of precision and recall, 2 tp / (2 tp + fp + fn): 0 when fraud exists and none is found,
 * as in scikit-learn. Neither fraud nor flags: NO_POSITIVES (scikit-learn: `zero_division`).
 *
 * @example
 * f1Score({ tn: 1, fp: 1, fn: 0, tp: 2 }) // 0.8
 */
export function f1Score(confusion: Confusion): number | NoAnswer {
  const { tp, fp, fn } = confusion
  if (rowsOf(confusion) === 0) return noAnswer('NO_ROWS')
  const weight = 2 * tp + fp + fn
  return weight > 0 ? (2 * tp) / weight : noAnswer('NO_POSITIVES')
}

/**
 * The mean of recall and of the share of legitimate rows let through.
 * One class only: ONE_CLASS_ONLY (scikit-learn warns and returns the share of the class that is there).
 *
 * @example
 * balancedAccuracyScore({ tn: 1, fp: 1, fn: 0, tp: 2 }) // 0.75
 */
export function balancedAccuracyScore(confusion: Confusion): number | NoAnswer {
  const { tn, fp, fn, tp } = confusion
  if (rowsOf(confusion) === 0) return noAnswer('NO_ROWS')
  if (tp + fn === 0 || tn + fp === 0) return noAnswer('ONE_CLASS_ONLY')
  return (tp / (tp + fn) + tn / (tn + fp)) / 2
}

/**
 * Matthews' correlation of labels and decisions, from −1 to 1.
 * One class only, nothing flagged or everything flagged: no answer (scikit-learn returns 0).
 *
 * @example
 * matthewsCorrelation({ tn: 1, fp: 1, fn: 0, tp: 2 }) // 0.5773502691896258
 */
export function matthewsCorrelation(confusion: Confusion): number | NoAnswer {
  const { tn, fp, fn, tp } = confusion
  if (rowsOf(confusion) === 0) return noAnswer('NO_ROWS')
  if (tp + fn === 0 || tn + fp === 0) return noAnswer('ONE_CLASS_ONLY')
  if (tp + fp === 0) return noAnswer('NO_POSITIVE_PREDICTIONS')
  if (tn + fn === 0) return noAnswer('NO_NEGATIVE_PREDICTIONS')
  return (tp * tn - fp * fn) / Math.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn))
}

function rowsOf({ tn, fp, fn, tp }: Confusion): number {
  return tn + fp + fn + tp
}
