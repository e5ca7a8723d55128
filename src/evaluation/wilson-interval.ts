import { checkOption } from '../decision/index.ts'
import { type NoAnswer, noAnswer, normalQuantile } from '../math/index.ts'
import { checkConfidence } from './check-confidence.ts'

/**
 * Wilson's score interval [low, high] of a proportion, without continuity correction (Wilson 1927): it holds near
 * 0 and 1 where the plain normal interval does not, as recall and false positive rates of fraud models are.
 * No trials: NO_ROWS. Default confidence 0.95. successes above trials, either below 0: PARAM_INVALID. Cost O(1).
 *
 * @example
 * wilsonInterval({ successes: 0, trials: 0 }) // { status: 'undefined', reason: 'NO_ROWS' }
 */
export function wilsonInterval(given: {
  successes: number
  trials: number
  confidence?: number
}): readonly [number, number] | NoAnswer {
  const trials = checkOption('trials', given.trials, { minimum: 0 })
  const successes = checkOption('successes', given.successes, { minimum: 0, maximum: trials })
  const z = normalQuantile((1 + checkConfidence(given.confidence)) / 2)
  if (trials === 0) return noAnswer('NO_ROWS')
  const failures = trials - successes
  const center = (successes + (z * z) / 2) / (trials + z * z)
  const reach = (z / (trials + z * z)) * Math.sqrt((successes * failures) / trials + (z * z) / 4)
  // at the ends the interval touches them, which rounding may miss
  return [successes === 0 ? 0 : center - reach, failures === 0 ? 1 : center + reach]
}
