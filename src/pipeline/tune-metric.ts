import { DEFAULT_POLICY, findOptimalThreshold } from '../decision/index.ts'
import { averagePrecisionScore, rocAucScore } from '../evaluation/index.ts'
import { isNoAnswer, type NoAnswer } from '../math/no-answer.ts'

/** A measure of scores: what a study improves. */
export interface Metric {
  readonly name: string
  readonly direction: 'maximize' | 'minimize'
  /** Of labels 0 and 1 and one fraud probability a row. NaN fails the trial. */
  readonly measure: (yTrue: Uint8Array, yProb: Float32Array) => number
}

/** Average precision, area under the ROC curve, or the business cost at its best threshold. */
export type MetricName = 'auprc' | 'auc_roc' | 'cost'

export const METRIC_NAMES: readonly MetricName[] = ['auprc', 'auc_roc', 'cost']

/** The metric of that name. One of the names has a value only where both classes occur. */
export function metricOf(name: MetricName): Metric {
  return METRICS[name]
}

const METRICS: Readonly<Record<MetricName, Metric>> = {
  auprc: {
    name: 'auprc',
    direction: 'maximize',
    measure: (yTrue, yProb) => numberOf(averagePrecisionScore(yTrue, yProb)),
  },
  auc_roc: {
    name: 'auc_roc',
    direction: 'maximize',
    measure: (yTrue, yProb) => numberOf(rocAucScore(yTrue, yProb)),
  },
  cost: {
    name: 'cost',
    direction: 'minimize',
    measure: (yTrue, yProb) => {
      const { fn: fnCost, fp: fpCost } = DEFAULT_POLICY.costs
      const best = findOptimalThreshold(yTrue, yProb, { fnCost, fpCost, curvePoints: 4 })
      return isNoAnswer(best) ? Number.NaN : best.cost
    },
  },
}

function numberOf(value: number | NoAnswer): number {
  return isNoAnswer(value) ? Number.NaN : value
}
