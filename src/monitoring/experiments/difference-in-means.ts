import { type NoAnswer, noAnswer } from '../../math/index.ts'
import { type PairMoments, ratioOf } from './ratio-test.ts'
import type { Moments } from './welch-test.ts'

export interface Difference {
  /** Challenger less champion. */
  readonly difference: number
  readonly standardError: number
}

/**
 * A difference of means with the larger of two standard errors: Welch's, and that of one pooled sample. Where costs
 * are rare, an arm that has none yet has no spread either, and Welch's alone would be sure of itself for nothing.
 * Arms of equal size have nearly the same of both. TOO_FEW_ROWS, NO_VARIANCE.
 */
export function differenceInMeans(champion: Moments, challenger: Moments): Difference | NoAnswer {
  if (champion.n < 2 || challenger.n < 2) return noAnswer('TOO_FEW_ROWS')
  const difference = challenger.mean - champion.mean
  const n = champion.n + challenger.n
  const share = (champion.n * challenger.n) / n
  const squares =
    (champion.n - 1) * champion.variance + (challenger.n - 1) * challenger.variance + share * difference ** 2
  const pooled = squares / (n - 1) / share
  const separate = champion.variance / champion.n + challenger.variance / challenger.n
  const variance = Math.max(pooled, separate)
  return variance > 0 ? { difference, standardError: Math.sqrt(variance) } : noAnswer('NO_VARIANCE')
}

/** The same for a ratio over entities, such as blocks per decision. */
export function differenceInRatios(champion: PairMoments, challenger: PairMoments): Difference | NoAnswer {
  const [a, b] = [ratioAsMean(champion), ratioAsMean(challenger)]
  if ('status' in a) return a
  return 'status' in b ? b : differenceInMeans(a, b)
}

function ratioAsMean(moments: PairMoments): Moments | NoAnswer {
  const found = ratioOf(moments)
  if ('status' in found) return found
  return { n: moments.n, mean: found.ratio, variance: found.variance * moments.n }
}
