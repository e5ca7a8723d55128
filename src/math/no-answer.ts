/** Why a question about data has no answer. */
export type NoAnswerReason =
  /** no rows, or none with a weight above 0 */
  | 'NO_ROWS'
  /** every label is the same, so nothing can be ranked or compared */
  | 'ONE_CLASS_ONLY'
  /** no row is positive: recall and average precision divide by 0 */
  | 'NO_POSITIVES'
  /** no row is negative: the false positive rate divides by 0 */
  | 'NO_NEGATIVES'
  /** no row is predicted positive: precision divides by 0 */
  | 'NO_POSITIVE_PREDICTIONS'
  /** no row is predicted negative: the correlation of labels and decisions divides by 0 */
  | 'NO_NEGATIVE_PREDICTIONS'
  /** fewer rows than the method needs to estimate a spread */
  | 'TOO_FEW_ROWS'
  /** the estimated spread is 0, so no interval or test follows from it */
  | 'NO_VARIANCE'
  /** a score outside [0, 1] was given to a measure of probabilities */
  | 'NOT_PROBABILITIES'

/**
 * "No answer", as a value: never NaN, never 0 in silence. It survives JSON, so a report shows the reason.
 * Where scikit-learn warns and returns NaN or its `zero_division` value, this project returns a `NoAnswer`.
 */
export interface NoAnswer {
  readonly status: 'undefined'
  readonly reason: NoAnswerReason
}

/** A value, or the reason why there is none. */
export type Answer<Value = number> = Value | NoAnswer

/**
 * Makes a `NoAnswer`.
 *
 * @example
 * noAnswer('NO_ROWS') // { status: 'undefined', reason: 'NO_ROWS' }
 */
export function noAnswer(reason: NoAnswerReason): NoAnswer {
  return Object.freeze({ status: 'undefined', reason })
}

/**
 * Tells a `NoAnswer` from a value; narrows the type.
 *
 * @example
 * isNoAnswer(0.5) // false
 * isNoAnswer(noAnswer('NO_ROWS')) // true
 */
export function isNoAnswer(value: unknown): value is NoAnswer {
  return typeof value === 'object' && value !== null && 'status' in value && value.status === 'undefined'
}
