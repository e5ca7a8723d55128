import { type CheckedScores, checkOption } from '../decision/index.ts'
import { isNoAnswer, type NoAnswer, noAnswer, type Vector } from '../math/index.ts'
import { checkProbabilities } from './probability-losses.ts'

/** Rows whose probability lies in (low, high], the first bin with its low end: what was said, and what came. */
export interface ReliabilityBin {
  readonly low: number
  readonly high: number
  readonly rows: number
  readonly meanProbability: number
  readonly positiveShare: number
}

export interface ReliabilityOptions {
  /** How many bins, 10 unless given; empty ones are left out. */
  readonly bins?: number
  /** `uniform`: bins of equal width over [0, 1]; `quantile`: bins of about equal rows, for scores crowded near 0. */
  readonly strategy?: 'uniform' | 'quantile'
}

/**
 * The points of a reliability diagram, as scikit-learn's `calibration_curve`; quantiles are R-7. Equal
 * probabilities fall into one bin, so quantile bins may differ in size. No rows: NO_ROWS.
 * Errors: SCORES_INVALID (probabilities outside [0, 1] included), PARAM_INVALID. Cost O(n), with quantiles one sort.
 *
 * @example
 * reliabilityBins([0, 1], [0.2, 0.9], { bins: 2 }) // [{ low: 0, high: 0.5, rows: 1, meanProbability: 0.2, positiveShare: 0 }, { low: 0.5, high: 1, rows: 1, meanProbability: 0.9, positiveShare: 1 }]
 */
export function reliabilityBins(
  yTrue: Vector,
  yProb: Vector,
  options: ReliabilityOptions = {},
): readonly ReliabilityBin[] | NoAnswer {
  const { bins = 10, strategy = 'uniform' } = options
  checkOption('bins', bins, { minimum: 1, maximum: 1_000_000 })
  const checked = checkProbabilities({ yTrue, yProb })
  if (checked.scores.length === 0) return noAnswer('NO_ROWS')
  const shares = Float64Array.from({ length: Math.floor(bins) + 1 }, (_, i) => i / Math.floor(bins))
  return filledBins(checked, strategy === 'quantile' ? quantiles(checked.scores, shares) : shares)
}

/**
 * The expected calibration error: the mean over rows of |positive share − mean probability| of the row's bin
 * (Naeini, Cooper and Hauskrecht 2015). 0 is best. Bins as in `reliabilityBins`. No rows: NO_ROWS.
 * Errors: as `reliabilityBins`.
 *
 * @example
 * expectedCalibrationError([0, 1], [0.25, 0.75], { bins: 2 }) // 0.25
 */
export function expectedCalibrationError(
  yTrue: Vector,
  yProb: Vector,
  options: ReliabilityOptions = {},
): number | NoAnswer {
  const bins = reliabilityBins(yTrue, yProb, options)
  if (isNoAnswer(bins)) return bins
  const gaps = bins.map((bin) => bin.rows * Math.abs(bin.positiveShare - bin.meanProbability))
  return gaps.reduce((sum, gap) => sum + gap, 0) / yProb.length
}

function filledBins({ labels, scores }: CheckedScores, edges: Float64Array): ReliabilityBin[] {
  const bins = edges.length - 1
  const rows = new Float64Array(bins)
  const probability = new Float64Array(bins)
  const positives = new Float64Array(bins)
  for (let i = 0; i < scores.length; i++) {
    const bin = binOf(scores[i], edges)
    rows[bin]++
    probability[bin] += scores[i]
    positives[bin] += labels[i]
  }
  const all = Array.from(rows, (count, bin) => ({
    low: edges[bin],
    high: edges[bin + 1],
    rows: count,
    meanProbability: probability[bin] / count,
    positiveShare: positives[bin] / count,
  }))
  return all.filter((bin) => bin.rows > 0)
}

/** The first bin whose high edge is not below the value, by halving. */
function binOf(value: number, edges: Float64Array): number {
  let first = 0
  let last = edges.length - 2
  while (first < last) {
    const middle = (first + last) >> 1
    if (edges[middle + 1] < value) first = middle + 1
    else last = middle
  }
  return first
}

/** Quantiles by linear interpolation between order statistics (R-7, NumPy's default). */
function quantiles(values: Float64Array, shares: Float64Array): Float64Array {
  const sorted = values.toSorted()
  return shares.map((share) => {
    const position = share * (sorted.length - 1)
    const below = Math.floor(position)
    const above = Math.min(below + 1, sorted.length - 1)
    return sorted[below] + (sorted[above] - sorted[below]) * (position - below)
  })
}
