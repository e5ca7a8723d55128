import { confusionMatrix, type NoAnswer, noAnswer, type Vector } from '../math/index.ts'
import { checkOption } from './check-option.ts'
import { checkScores } from './check-scores.ts'

/** Money in KRW, or in the currency of the prices given. Sums are over all rows; savings a day and a year follow. */
export interface BusinessCost {
  readonly daily_savings: number
  readonly annual_savings: number
  /** What missed frauds cost, over all rows. */
  readonly fn_cost: number
  /** What false alarms cost, over all rows. */
  readonly fp_cost: number
  /** What stopped frauds saved, over all rows. */
  readonly tp_savings: number
  /** tp_savings − fn_cost − fp_cost, over all rows. */
  readonly net_savings: number
  /** The threshold given; the name is the specification's, the value is not searched for here. */
  readonly optimal_threshold: number
  readonly days: number
  readonly rows: number
}

export interface BusinessCostOptions {
  readonly threshold?: number
  readonly fnCost?: number
  readonly fpCost?: number
  readonly tpSavings?: number
  /** Days that the rows cover; may be a fraction. */
  readonly days?: number
}

/**
 * What decisions at a threshold are worth: a missed fraud costs `fnCost`, a false alarm `fpCost`, a stopped
 * fraud saves `tpSavings`; net = savings − costs, a day = net / `days`, a year = 365 days.
 * Defaults: threshold 0.18, 1,000,000 KRW a fraud, 50,000 KRW an alarm, rows of one day (specification 2-4).
 * No rows: NO_ROWS. Errors: SCORES_INVALID, PARAM_INVALID. Cost O(rows).
 *
 * @example
 * calculateBusinessCost([1, 1, 0], [0.9, 0.1, 0.5]).daily_savings // -50000
 */
export function calculateBusinessCost(
  yTrue: Vector,
  yProb: Vector,
  options: BusinessCostOptions = {},
): BusinessCost | NoAnswer {
  const { threshold = 0.18, fnCost = 1_000_000, fpCost = 50_000, tpSavings = 1_000_000, days = 1 } = options
  const { labels, scores } = checkScores({ yTrue, scores: yProb })
  checkOption('threshold', threshold)
  checkOption('days', days, { minimum: Number.MIN_VALUE })
  if (labels.length === 0) return noAnswer('NO_ROWS')

  const { tp, fp, fn } = confusionMatrix(labels, scores, threshold)
  const fn_cost = fn * checkOption('fnCost', fnCost, { minimum: 0 })
  const fp_cost = fp * checkOption('fpCost', fpCost, { minimum: 0 })
  const tp_savings = tp * checkOption('tpSavings', tpSavings, { minimum: 0 })
  const net_savings = tp_savings - fn_cost - fp_cost
  const daily_savings = net_savings / days
  return {
    daily_savings,
    annual_savings: daily_savings * 365,
    fn_cost,
    fp_cost,
    tp_savings,
    net_savings,
    optimal_threshold: threshold,
    days,
    rows: labels.length,
  }
}
