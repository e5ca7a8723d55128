import { normalCdf, normalQuantile } from '../../math/index.ts'

/**
 * The variance of a ROC AUC times the number of positives, for binormal scores (Obuchowski and McClish 1997):
 * 0.0099 e^(−a²/2) (5 a² + 8 + (a² + 8) / κ) with a = 1.414 Φ⁻¹(AUC) and κ negatives a positive.
 *
 * @example
 * aucVariance({ auc: 0.5, negativesPerPositive: 1 }).toFixed(4) // '0.1584'
 */
export function aucVariance(input: { readonly auc: number; readonly negativesPerPositive: number }): number {
  // biome-ignore lint/suspicious/noApproximativeNumericConstant: the paper has 1.414, and so has pROC
  const a = normalQuantile(input.auc) * 1.414
  return 0.0099 * Math.exp((-a * a) / 2) * (5 * a * a + 8 + (a * a + 8) / input.negativesPerPositive)
}

/**
 * The power of the two-sided test that a model ranks better than chance, as pROC's `power.roc.test`.
 *
 * @example
 * aucPower({ auc: 0.73, positives: 41, negatives: 72 }).toFixed(4) // '0.9897'
 */
export function aucPower(input: {
  readonly auc: number
  readonly positives: number
  readonly negatives: number
  readonly alpha?: number
}): number {
  const { auc, positives, negatives, alpha = 0.05 } = input
  const negativesPerPositive = negatives / positives
  const byChance = aucVariance({ auc: 0.5, negativesPerPositive })
  const actual = aucVariance({ auc, negativesPerPositive })
  const reach =
    Math.sqrt(positives) * Math.abs(auc - 0.5) - normalQuantile(1 - alpha / 2) * Math.sqrt(byChance)
  return normalCdf(reach / Math.sqrt(actual))
}

/**
 * The power of the two-sided test between two AUCs from their difference, variances and covariance (0 where the models
 * scored different rows), with the champion's variance on both sides of the null hypothesis, as pROC does.
 *
 * @example
 * aucDifferencePower({ difference: 0, varianceChampion: 1, varianceChallenger: 1, covariance: 0 }).toFixed(3) // '0.025'
 */
export function aucDifferencePower(input: {
  readonly difference: number
  readonly varianceChampion: number
  readonly varianceChallenger: number
  readonly covariance: number
  readonly alpha?: number
}): number {
  const { difference, varianceChampion, varianceChallenger, covariance, alpha = 0.05 } = input
  const byChance = 2 * varianceChampion - 2 * covariance
  const actual = varianceChampion + varianceChallenger - 2 * covariance
  const reach = Math.abs(difference) - normalQuantile(1 - alpha / 2) * Math.sqrt(byChance)
  return normalCdf(reach / Math.sqrt(actual))
}
