import type { EvalMetric } from '../params.ts'
import { sortScores } from './sort-scores.ts'

/** Labels and scores of one evaluation set; what a metric reads. */
export interface Scored {
  readonly labels: Uint8Array
  /** Probabilities, float32. */
  readonly probabilities: Float32Array
  /** How much each row counts; 1 when absent. */
  readonly weight?: Float32Array | undefined
}

/** Whether a larger value of the metric is better. */
export function isMaximised(metric: EvalMetric): boolean {
  return metric === 'auc' || metric === 'aucpr'
}

/** Whether the metric has a value only where both classes occur. */
export function needsBothClasses(metric: EvalMetric): boolean {
  return metric === 'auc' || metric === 'aucpr'
}

/**
 * Computes one of XGBoost's evaluation metrics for early stopping. `aucpr` is XGBoost's: the area under the
 * curve interpolated after Davis & Goadrich 2006 (https://doi.org/10.1145/1143844.1143874), which differs
 * from average precision. `error` counts a probability above 0.5 as label 1. Ties count as one threshold.
 * The areas have no value without both classes; callers refuse such sets. Cost O(n).
 *
 * @param curve the set's `curveOf`, where several metrics share it
 */
export function evaluate(metric: EvalMetric, scored: Scored, curve?: Curve): number {
  if (metric === 'logloss') return logLoss(scored)
  if (metric === 'error') return errorRate(scored)
  const points = curve ?? curveOf(scored)
  return metric === 'auc' ? rocArea(points) : precisionRecallArea(points)
}

/** Weight of the false and of the true positives from each distinct score up, highest score first. */
export interface Curve {
  readonly length: number
  readonly falsePositives: Float64Array
  readonly truePositives: Float64Array
}

/** What both areas are computed from. Cost O(n). */
export function curveOf({ labels, probabilities, weight }: Scored): Curve {
  const { keys, weights } = sortScores(labels, probabilities, weight)
  const falsePositives = new Float64Array(keys.length)
  const truePositives = new Float64Array(keys.length)
  let fp = 0
  let tp = 0
  let length = 0
  for (let i = keys.length - 1; i >= 0; i--) {
    const key = keys[i]
    const counts = weights === undefined ? 1 : weights[i]
    if ((key & 1) === 1) tp += counts
    else fp += counts
    if (i > 0 && keys[i - 1] >>> 1 === key >>> 1) continue
    falsePositives[length] = fp
    truePositives[length++] = tp
  }
  return { length, falsePositives, truePositives }
}

function logLoss({ labels, probabilities, weight }: Scored): number {
  const tiny = Math.fround(1e-16)
  let sum = 0
  let total = 0
  for (let i = 0; i < labels.length; i++) {
    const counts = weight === undefined ? 1 : weight[i]
    const ofLabel = labels[i] === 1 ? probabilities[i] : 1 - probabilities[i]
    sum -= counts * Math.log(Math.max(ofLabel, tiny))
    total += counts
  }
  return sum / total
}

function errorRate({ labels, probabilities, weight }: Scored): number {
  let wrong = 0
  let total = 0
  for (let i = 0; i < labels.length; i++) {
    const counts = weight === undefined ? 1 : weight[i]
    if (labels[i] !== (probabilities[i] > 0.5 ? 1 : 0)) wrong += counts
    total += counts
  }
  return wrong / total
}

/** Trapezoids of true over false positives. */
function rocArea({ length, falsePositives, truePositives }: Curve): number {
  let area = 0
  let fpBefore = 0
  let tpBefore = 0
  for (let i = 0; i < length; i++) {
    const fp = falsePositives[i]
    const tp = truePositives[i]
    area += ((fp - fpBefore) * (tpBefore + tp)) / 2
    fpBefore = fp
    tpBefore = tp
  }
  return area / (fpBefore * tpBefore)
}

function precisionRecallArea({ length, falsePositives, truePositives }: Curve): number {
  const positive = truePositives[length - 1]
  let area = 0
  let fpBefore = 0
  let tpBefore = 0
  for (let i = 0; i < length; i++) {
    const fp = falsePositives[i]
    const tp = truePositives[i]
    area += precisionRecallStep(fpBefore, fp, tpBefore, tp, positive)
    fpBefore = fp
    tpBefore = tp
  }
  return area
}

/** Integral of precision over recall between two thresholds, false positives rising in step with true ones. */
function precisionRecallStep(fpBefore: number, fp: number, tpBefore: number, tp: number, positive: number) {
  if (tp === tpBefore) return 0
  const slope = (fp - fpBefore) / (tp - tpBefore)
  const a = 1 + slope
  const b = (fpBefore - slope * tpBefore) / positive
  const from = tpBefore / positive
  const to = tp / positive
  if (b === 0) return (to - from) / a
  return (to - from - (b / a) * (Math.log(a * to + b) - Math.log(a * from + b))) / a
}
