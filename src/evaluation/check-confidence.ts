import { checkOption } from '../decision/index.ts'

/** The confidence of an interval: strictly between 0 and 1, 0.95 unless given (PARAM_INVALID). */
export function checkConfidence(confidence = 0.95): number {
  return checkOption('confidence', confidence, { minimum: Number.EPSILON, maximum: 1 - Number.EPSILON })
}
