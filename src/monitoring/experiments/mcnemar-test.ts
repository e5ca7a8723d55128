import { FdsError } from '../../errors.ts'
import { type NoAnswer, noAnswer } from '../../math/index.ts'
import { chiSquareTail, logGamma } from '../drift/tail-probabilities.ts'

export interface McnemarTest {
  /** (b − c)² / (b + c), without a correction. */
  readonly chiSquare: number
  /** Of `chiSquare`; good from some 25 discordant pairs on. */
  readonly pValue: number
  /** Two-sided, by the binomial distribution. */
  readonly exactPValue: number
  /** The exact one less the probability of what was observed: less conservative, still near its level. */
  readonly midPValue: number
}

/**
 * McNemar's test that two models catch equally many of the same frauds. `onlyA` frauds were caught by the first
 * model alone, `onlyB` by the second alone; what both caught or both missed says nothing. No such fraud: NO_ROWS.
 * PARAM_INVALID for a negative or broken count. Cost O(min(b, c)).
 *
 * @example
 * mcnemarTest({ onlyA: 5, onlyB: 5 }).exactPValue // 1
 */
export function mcnemarTest(input: {
  readonly onlyA: number
  readonly onlyB: number
}): McnemarTest | NoAnswer {
  const { onlyA, onlyB } = input
  for (const [name, count] of Object.entries({ onlyA, onlyB })) {
    if (Number.isSafeInteger(count) && count >= 0) continue
    throw new FdsError('PARAM_INVALID', { name, expected: 'a count', got: String(count) })
  }
  const pairs = onlyA + onlyB
  if (pairs === 0) return noAnswer('NO_ROWS')
  const fewer = Math.min(onlyA, onlyB)
  let tail = 0
  for (let i = 0; i <= fewer; i++) tail += halfBinomial(i, pairs)
  const exact = 2 * tail
  const chiSquare = (onlyA - onlyB) ** 2 / pairs
  return {
    chiSquare,
    pValue: chiSquareTail(chiSquare, 1),
    exactPValue: Math.min(1, exact),
    // where both counts are equal their probability lies in both tails
    midPValue: onlyA === onlyB ? 1 - halfBinomial(fewer, pairs) / 2 : exact - halfBinomial(fewer, pairs),
  }
}

/** P(X = k) of a binomial distribution with p = ½. */
function halfBinomial(k: number, n: number): number {
  return Math.exp(logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1) - n * Math.LN2)
}
