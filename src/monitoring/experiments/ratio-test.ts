import { type NoAnswer, noAnswer } from '../../math/index.ts'
import type { Moments } from './welch-test.ts'

/** A difference and its standard error, by the delta method. */
export interface DeltaDifference {
  readonly difference: number
  readonly standardError: number
}

/** Moments of a value and of a size over entities, such as cost and number of transactions. */
export interface PairMoments {
  readonly n: number
  readonly meanValue: number
  readonly meanSize: number
  readonly varianceValue: number
  readonly varianceSize: number
  readonly covariance: number
}

/**
 * The effect relative to the champion's mean, (m_B − m_A) / |m_A|, with the delta method's variance
 * v_B / (n_B m_A²) + v_A m_B² / (n_A m_A⁴). Champion's mean 0: NO_VARIANCE; fewer than two values: TOO_FEW_ROWS.
 *
 * @example
 * relativeDifference({ champion: { n: 9, mean: 2, variance: 1 }, challenger: { n: 9, mean: 3, variance: 1 } }).difference // 0.5
 */
export function relativeDifference(input: {
  readonly champion: Moments
  readonly challenger: Moments
}): DeltaDifference | NoAnswer {
  const { champion, challenger } = input
  if (champion.n < 2 || challenger.n < 2) return noAnswer('TOO_FEW_ROWS')
  if (champion.mean === 0) return noAnswer('NO_VARIANCE')
  const variance =
    challenger.variance / (challenger.n * champion.mean ** 2) +
    (champion.variance * challenger.mean ** 2) / (champion.n * champion.mean ** 4)
  const difference = (challenger.mean - champion.mean) / Math.abs(champion.mean)
  return { difference, standardError: Math.sqrt(variance) }
}

/**
 * A ratio of two means over entities, such as cost per transaction, and its variance by the delta method,
 * v_M / μ_D² + v_D μ_M² / μ_D⁴ − 2 cov μ_M / μ_D³ over n: right where an entity has many dependent transactions.
 * Fewer than two entities: TOO_FEW_ROWS; no size: NO_ROWS.
 *
 * @example
 * ratioOf({ n: 4, meanValue: 2, meanSize: 4, varianceValue: 1, varianceSize: 0, covariance: 0 }) // { ratio: 0.5, variance: 0.015625 }
 */
export function ratioOf(
  moments: PairMoments,
): { readonly ratio: number; readonly variance: number } | NoAnswer {
  const { n, meanValue, meanSize, varianceValue, varianceSize, covariance } = moments
  if (n < 2) return noAnswer('TOO_FEW_ROWS')
  if (!(meanSize > 0)) return noAnswer('NO_ROWS')
  const variance =
    varianceValue / meanSize ** 2 +
    (varianceSize * meanValue ** 2) / meanSize ** 4 -
    (2 * covariance * meanValue) / meanSize ** 3
  // rounding may leave a little below 0
  return { ratio: meanValue / meanSize, variance: Math.max(0, variance) / n }
}
