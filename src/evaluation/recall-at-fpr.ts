import { checkOption, checkScores } from '../decision/index.ts'
import { type NoAnswer, nextAbove, noAnswer, scoreCurve, type Vector } from '../math/index.ts'

/** The best a threshold can do within a limit on false alarms. */
export interface RecallAtFpr {
  readonly recall: number
  /** The false positive rate reached, at most the limit. */
  readonly fpr: number
  /** Rows with `score >= threshold` are flagged. */
  readonly threshold: number
}

/**
 * The highest recall of any threshold whose false positive rate is at most `maximumFpr`, with no interpolation
 * between thresholds: what can be switched on as it stands. Among equal recalls the highest threshold. When even the
 * highest score breaks the limit, the threshold is the next double above it and the recall 0.
 * One class only: ONE_CLASS_ONLY; no rows: NO_ROWS. Errors: SCORES_INVALID, PARAM_INVALID. Cost: one sort.
 *
 * @example
 * recallAtFpr([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8], { maximumFpr: 0.1 }) // { recall: 0.5, fpr: 0, threshold: 0.8 }
 */
export function recallAtFpr(
  yTrue: Vector,
  scores: Vector,
  options: { maximumFpr: number },
): RecallAtFpr | NoAnswer {
  const limit = checkOption('maximumFpr', options.maximumFpr, { minimum: 0, maximum: 1 })
  const checked = checkScores({ yTrue, scores })
  const { thresholds, truePositives, falsePositives } = scoreCurve(checked.labels, checked.scores)
  const last = thresholds.length - 1
  if (last < 0) return noAnswer('NO_ROWS')
  const positives = truePositives[last]
  const negatives = falsePositives[last]
  if (positives === 0 || negatives === 0) return noAnswer('ONE_CLASS_ONLY')

  const allowed = thresholds.findLastIndex((_, i) => falsePositives[i] / negatives <= limit)
  if (allowed < 0) return { recall: 0, fpr: 0, threshold: nextAbove(thresholds[0]) }
  const best = truePositives.indexOf(truePositives[allowed])
  return {
    recall: truePositives[best] / positives,
    fpr: falsePositives[best] / negatives,
    threshold: thresholds[best],
  }
}
