import { checkScores } from '../decision/index.ts'
import { type NoAnswer, noAnswer, normalCdf, normalQuantile, type Vector } from '../math/index.ts'
import { checkConfidence } from './check-confidence.ts'
import { logitInterval } from './logit-interval.ts'
import { areaMoments, winCounts } from './win-counts.ts'

/** The comparison of two models' ROC AUC on the same rows. */
export interface DelongTest {
  readonly aucA: number
  readonly aucB: number
  /** aucA − aucB */
  readonly difference: number
  readonly standardError: number
  readonly z: number
  /** Two-sided. */
  readonly pValue: number
  /** The interval of the difference, [low, high]. */
  readonly ci: readonly [number, number]
}

/**
 * DeLong's test that two models rank the same rows equally well (DeLong, DeLong and Clarke-Pearson 1988), in the
 * fast form of Sun and Xu (2014): z = (aucA − aucB) / SE with SE² = var(V10)/m + var(V01)/n over the m positives
 * and n negatives, where the components V are differences between the models and each comes from ranks with ties
 * counted half. `confidence` (0.95) is that of `ci`, by the normal distribution.
 * Equal rankings: z = 0 and pValue = 1. Fewer than two rows of a class: ONE_CLASS_ONLY (none) or TOO_FEW_ROWS;
 * different areas without any spread (one model perfect, the other constant): NO_VARIANCE.
 * Errors: SCORES_INVALID, PARAM_INVALID. Cost O(n log n) at most.
 *
 * @example
 * delongTest([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8], [0.2, 0.1, 0.3, 0.7]).difference // -0.25
 */
export function delongTest(
  yTrue: Vector,
  scoresA: Vector,
  scoresB: Vector,
  options: { confidence?: number } = {},
): DelongTest | NoAnswer {
  const confidence = checkConfidence(options.confidence)
  const { labels, scores } = checkScores({ yTrue, scores: scoresA })
  const { scores: otherScores } = checkScores({ yTrue, scores: scoresB })
  const lacking = lackingRows(labels)
  if (lacking) return lacking
  const countsA = winCounts(labels, scores)
  const countsB = winCounts(labels, otherScores)
  const aucA = areaMoments(labels, countsA).area
  const aucB = areaMoments(labels, countsB).area
  const gaps = countsA.map((count, row) => count - countsB[row])
  const { variance } = areaMoments(labels, gaps)
  if (variance === 0 && aucA !== aucB) return noAnswer('NO_VARIANCE')
  return { aucA, aucB, ...judged(aucA - aucB, { standardError: Math.sqrt(variance), confidence }) }
}

/**
 * A confidence interval [low, high] of the ROC AUC: DeLong's variance on the logit scale, so that it stays inside
 * (0, 1). Fewer than two rows of a class: ONE_CLASS_ONLY or TOO_FEW_ROWS; an area of 0 or 1, or constant scores:
 * NO_VARIANCE. Default confidence 0.95. Errors: SCORES_INVALID, PARAM_INVALID. Cost O(n log n) at most.
 *
 * @example
 * rocAucInterval([0, 0, 1, 1], [0.1, 0.2, 0.3, 0.4]) // { status: 'undefined', reason: 'NO_VARIANCE' }
 */
export function rocAucInterval(
  yTrue: Vector,
  scores: Vector,
  options: { confidence?: number } = {},
): readonly [number, number] | NoAnswer {
  const confidence = checkConfidence(options.confidence)
  const checked = checkScores({ yTrue, scores })
  const lacking = lackingRows(checked.labels)
  if (lacking) return lacking
  const { area, variance } = areaMoments(checked.labels, winCounts(checked.labels, checked.scores))
  if (variance === 0) return noAnswer('NO_VARIANCE')
  return logitInterval(area, { standardError: Math.sqrt(variance), confidence })
}

/** A spread within a class takes two rows of it. */
function lackingRows(labels: Uint8Array): NoAnswer | undefined {
  const positives = labels.reduce((sum, label) => sum + label, 0)
  if (labels.length === 0) return noAnswer('NO_ROWS')
  if (positives === 0 || positives === labels.length) return noAnswer('ONE_CLASS_ONLY')
  return positives < 2 || labels.length - positives < 2 ? noAnswer('TOO_FEW_ROWS') : undefined
}

function judged(
  difference: number,
  { standardError, confidence }: { standardError: number; confidence: number },
): Omit<DelongTest, 'aucA' | 'aucB'> {
  const z = difference === 0 ? 0 : difference / standardError
  const reach = normalQuantile((1 + confidence) / 2) * standardError
  return {
    difference,
    standardError,
    z,
    pValue: 2 * normalCdf(Math.abs(z), { upper: true }),
    ci: [difference - reach, difference + reach],
  }
}
