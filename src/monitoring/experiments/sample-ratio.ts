import { FdsError } from '../../errors.ts'
import { type NoAnswer, noAnswer } from '../../math/index.ts'
import { chiSquareTail, logGamma } from '../drift/tail-probabilities.ts'

export interface SampleRatio {
  readonly chiSquare: number
  readonly pValue: number
  /** pValue < 0.001: the arms did not get the traffic they were meant to, and no comparison between them holds. */
  readonly mismatch: boolean
}

/**
 * Whether the arms of an experiment got the shares they were meant to: Pearson's χ² = Σ (o − e)² / e with k − 1
 * degrees of freedom. Count entities, not transactions. `weights` need not add up to 1. Nothing observed: NO_ROWS.
 * PARAM_INVALID for lengths that differ, fewer than two arms, a weight of 0 or less, or a negative count.
 * For one look; for repeated ones see `sequentialSampleRatio`.
 *
 * @example
 * sampleRatioMismatch({ observed: [5100, 4900], weights: [0.5, 0.5] }).chiSquare // 4
 */
export function sampleRatioMismatch(input: {
  readonly observed: readonly number[]
  readonly weights: readonly number[]
}): SampleRatio | NoAnswer {
  const { observed, weights } = input
  checkCounts(observed, weights)
  const rows = observed.reduce((sum, count) => sum + count, 0)
  if (rows === 0) return noAnswer('NO_ROWS')
  const weightSum = weights.reduce((sum, weight) => sum + weight, 0)
  const chiSquare = observed.reduce((sum, count, i) => {
    const expected = (rows * weights[i]!) / weightSum
    return sum + (count - expected) ** 2 / expected
  }, 0)
  const pValue = chiSquareTail(chiSquare, observed.length - 1)
  return { chiSquare, pValue, mismatch: pValue < 0.001 }
}

export interface SequentialSampleRatio {
  /** ln of the Bayes factor against the meant shares. */
  readonly logBayesFactor: number
  /** Take the least over all looks; it holds however often one looks. */
  readonly pValue: number
}

/**
 * The same question at every look: a Dirichlet-multinomial mixture around the meant shares p against p itself
 * (Lindon and Malek 2020, Optimizely's ssrm), with ln BF = lnΓ(A) − lnΓ(A + N) + Σ [lnΓ(a_i + n_i) − lnΓ(a_i)] −
 * Σ n_i ln p_i, a_i = κ p_i, A = κ. The chance that 1 / BF ever falls to 0.001 is at most 0.001. `concentration` κ
 * is 10,000 unless given: large counts, small deviations. Nothing observed: p = 1. PARAM_INVALID as above.
 *
 * @example
 * sequentialSampleRatio({ observed: [0, 0], weights: [0.5, 0.5] }).pValue // 1
 */
export function sequentialSampleRatio(input: {
  readonly observed: readonly number[]
  readonly weights: readonly number[]
  readonly concentration?: number
}): SequentialSampleRatio {
  const { observed, weights, concentration = 10_000 } = input
  checkCounts(observed, weights)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const rows = observed.reduce((sum, count) => sum + count, 0)
  let logBayesFactor = logGamma(concentration) - logGamma(concentration + rows)
  observed.forEach((count, i) => {
    const share = weights[i]! / total
    const a = concentration * share
    logBayesFactor += logGamma(a + count) - logGamma(a) - count * Math.log(share)
  })
  return { logBayesFactor, pValue: Math.min(1, Math.exp(-logBayesFactor)) }
}

function checkCounts(observed: readonly number[], weights: readonly number[]): void {
  if (observed.length !== weights.length || observed.length < 2) {
    const got = `${observed.length} and ${weights.length}`
    throw new FdsError('PARAM_INVALID', {
      name: 'observed',
      expected: 'one count a weight, two or more',
      got,
    })
  }
  if (!weights.every((weight) => weight > 0 && weight < Number.POSITIVE_INFINITY)) {
    throw new FdsError('PARAM_INVALID', {
      name: 'weights',
      expected: 'positive numbers',
      got: String(weights),
    })
  }
  if (!observed.every((count) => Number.isSafeInteger(count) && count >= 0)) {
    throw new FdsError('PARAM_INVALID', { name: 'observed', expected: 'counts', got: String(observed) })
  }
}
