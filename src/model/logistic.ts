/**
 * Probability of a margin, in float32 with XGBoost's cut of the exponent at 88.7, so that probabilities
 * agree with XGBoost's to the last bit but where its `expf` rounds otherwise (1 ulp).
 *
 * @example
 * sigmoid(0) // 0.5
 */
export function sigmoid(margin: number): number {
  const exponential = Math.fround(Math.exp(Math.min(-margin, 88.7)))
  return Math.fround(1 / Math.fround(exponential + 1))
}

/** How near to 0 and 1 a base score counts (XGBoost's). */
const PROBABILITY_MIN = 1e-6

/**
 * Margin of a probability, in float32 as XGBoost computes it: -log(1/p - 1), p kept 1e-6 from 0 and 1.
 *
 * @example
 * marginOf(0.5) // 0
 */
export function marginOf(probability: number): number {
  const odds = Math.fround(Math.fround(1 / Math.fround(insideUnit(probability))) - 1)
  // -log(1) is -0, which adds up to 0 but does not print like it
  return Math.fround(-Math.log(odds)) + 0
}

/** The probability, kept 1e-6 from 0 and 1. */
export function insideUnit(probability: number): number {
  return Math.min(Math.max(probability, PROBABILITY_MIN), 1 - PROBABILITY_MIN)
}
