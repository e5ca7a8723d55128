import { checkScores } from '../decision/index.ts'
import { type NoAnswer, noAnswer, type ScoreCurve, scoreCurve, type Vector } from '../math/index.ts'

/** Points of the ROC curve from (0, 0) to (1, 1); `thresholds` descend from Infinity, which flags no row. */
export interface RocCurve {
  readonly fpr: Float64Array
  readonly tpr: Float64Array
  readonly thresholds: Float64Array
}

/**
 * False and true positive rate at every distinct score, as scikit-learn's `roc_curve`, the first threshold
 * Infinity included (JSON has no Infinity: replace it before writing). `dropIntermediate` (default true) leaves out
 * points on a straight line between their neighbours, which change no area.
 * One class only: ONE_CLASS_ONLY (scikit-learn warns and returns NaN rates); no rows: NO_ROWS.
 * Errors: SCORES_INVALID. Cost O(n log n) at most.
 *
 * @example
 * rocCurve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]).tpr // Float64Array [0, 0.5, 0.5, 1, 1]
 */
export function rocCurve(
  yTrue: Vector,
  scores: Vector,
  options: { weight?: Vector; dropIntermediate?: boolean } = {},
): RocCurve | NoAnswer {
  const checked = checkScores({ yTrue, scores, weight: options.weight })
  const curve = scoreCurve(checked.labels, checked.scores, checked.weight)
  const count = curve.thresholds.length
  if (count === 0) return noAnswer('NO_ROWS')
  const positives = curve.truePositives[count - 1]
  const negatives = curve.falsePositives[count - 1]
  if (positives === 0 || negatives === 0) return noAnswer('ONE_CLASS_ONLY')

  const kept = (options.dropIntermediate ?? true) ? corners(curve) : curve.thresholds.map((_, i) => i)
  return {
    fpr: points(curve.falsePositives, { kept, first: 0, divisor: negatives }),
    tpr: points(curve.truePositives, { kept, first: 0, divisor: positives }),
    thresholds: points(curve.thresholds, { kept, first: Infinity, divisor: 1 }),
  }
}

/** The ends of the curve, and the points where one of the counts does not grow evenly. */
function corners({ truePositives, falsePositives }: ScoreCurve): Float64Array {
  const isCorner = (counts: Float64Array, i: number) =>
    counts[i + 1] - counts[i] !== counts[i] - counts[i - 1]
  const last = truePositives.length - 1
  return truePositives
    .map((_, i) => i)
    .filter((i) => i === 0 || i === last || isCorner(truePositives, i) || isCorner(falsePositives, i))
}

function points(
  counts: Float64Array,
  { kept, first, divisor }: { kept: Float64Array; first: number; divisor: number },
): Float64Array {
  const shares = new Float64Array(kept.length + 1)
  shares[0] = first
  for (let i = 0; i < kept.length; i++) shares[i + 1] = counts[kept[i]] / divisor
  return shares
}
