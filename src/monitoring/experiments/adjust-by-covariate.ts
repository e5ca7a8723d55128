import { type NoAnswer, noAnswer } from '../../math/index.ts'
import type { PairMoments } from './ratio-test.ts'
import { type WelchTest, welchTestOfMoments } from './welch-test.ts'

export interface AdjustedTest extends WelchTest {
  /** What a unit of the covariate is worth in units of the value. */
  readonly theta: number
  /** Adjusted means. */
  readonly champion: number
  readonly challenger: number
}

/**
 * Welch's test on values adjusted by a covariate that the arm cannot change (CUPED; Deng, Xu, Kohavi and Walker 2013):
 * Y' = Y − θ (X − X̄) with θ = cov(Y, X) / var(X) over both arms. Here X is `size`, such as an entity's sum of the
 * champion's scores, which both arms have. A covariate that does not vary adjusts nothing: NO_VARIANCE.
 */
export function adjustByCovariate(input: {
  readonly champion: PairMoments
  readonly challenger: PairMoments
}): AdjustedTest | NoAnswer {
  const { champion, challenger } = input
  if (champion.n < 2 || challenger.n < 2) return noAnswer('TOO_FEW_ROWS')
  const pooled = pooledMoments(champion, challenger)
  if (!(pooled.spread > 0)) return noAnswer('NO_VARIANCE')
  const theta = pooled.product / pooled.spread
  const adjusted = ({ n, meanValue, meanSize, varianceValue, varianceSize, covariance }: PairMoments) => ({
    n,
    mean: meanValue - theta * (meanSize - pooled.mean),
    variance: Math.max(0, varianceValue + theta ** 2 * varianceSize - 2 * theta * covariance),
  })
  const [a, b] = [adjusted(challenger), adjusted(champion)]
  const found = welchTestOfMoments({ a, b })
  return 'status' in found ? found : { ...found, theta, champion: b.mean, challenger: a.mean }
}

/** Spread of X and product of X and Y over both arms as one sample, each around the mean of all. */
function pooledMoments(a: PairMoments, b: PairMoments) {
  const mean = (a.n * a.meanSize + b.n * b.meanSize) / (a.n + b.n)
  const between = (a.n * b.n) / (a.n + b.n)
  const gap = a.meanSize - b.meanSize
  return {
    mean,
    spread: (a.n - 1) * a.varianceSize + (b.n - 1) * b.varianceSize + between * gap ** 2,
    product:
      (a.n - 1) * a.covariance + (b.n - 1) * b.covariance + between * gap * (a.meanValue - b.meanValue),
  }
}
