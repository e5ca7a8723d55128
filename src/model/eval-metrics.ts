import type { EvalMetric } from './params.ts'

/** Labels and scores of one evaluation set; what a metric reads. */
export interface Scored {
  readonly labels: Uint8Array
  /** Probabilities, float32. */
  readonly probabilities: Float32Array
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
 * The areas have no value without both classes; callers refuse such sets. Cost O(n), for areas O(n log n).
 */
export function evaluate(metric: EvalMetric, scored: Scored): number {
  if (metric === 'logloss') return logLoss(scored)
  if (metric === 'error') return errorRate(scored)
  return metric === 'auc' ? rocArea(scored) : precisionRecallArea(scored)
}

function logLoss({ labels, probabilities }: Scored): number {
  const tiny = Math.fround(1e-16)
  let sum = 0
  for (let i = 0; i < labels.length; i++) {
    const ofLabel = labels[i] === 1 ? probabilities[i] : 1 - probabilities[i]
    sum -= Math.log(Math.max(ofLabel, tiny))
  }
  return sum / labels.length
}

function errorRate({ labels, probabilities }: Scored): number {
  let wrong = 0
  for (let i = 0; i < labels.length; i++) wrong += labels[i] === (probabilities[i] > 0.5 ? 1 : 0) ? 0 : 1
  return wrong / labels.length
}

/** Trapezoids of true over false positives, one for each distinct score from the highest down. */
function rocArea(scored: Scored): number {
  let area = 0
  const total = walkThresholds(scored, (fpBefore, fp, tpBefore, tp) => {
    area += ((fp - fpBefore) * (tpBefore + tp)) / 2
  })
  return area / (total.positive * total.negative)
}

function precisionRecallArea(scored: Scored): number {
  const steps: number[] = []
  const { positive } = walkThresholds(scored, (...step) => steps.push(...step))
  let area = 0
  for (let i = 0; i < steps.length; i += 4) {
    area += precisionRecallStep(steps[i], steps[i + 1], steps[i + 2], steps[i + 3], positive)
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

/** Calls `step` with the false and true positives before and after each distinct score, highest first. */
function walkThresholds(
  { labels, probabilities }: Scored,
  step: (fpBefore: number, fp: number, tpBefore: number, tp: number) => void,
): { positive: number; negative: number } {
  // probabilities are float32 from 0 to 1, whose bits sort like their values: score and label fit one number
  const bits = new Uint32Array(probabilities.buffer, probabilities.byteOffset, probabilities.length)
  const keys = Float64Array.from(bits, (score, i) => score * 2 + labels[i]).sort()
  let fp = 0
  let tp = 0
  for (let i = keys.length - 1; i >= 0; ) {
    const score = Math.floor(keys[i] / 2)
    const fpBefore = fp
    const tpBefore = tp
    for (; i >= 0 && Math.floor(keys[i] / 2) === score; i--) {
      if (keys[i] % 2 === 1) tp++
      else fp++
    }
    step(fpBefore, fp, tpBefore, tp)
  }
  return { positive: tp, negative: fp }
}
