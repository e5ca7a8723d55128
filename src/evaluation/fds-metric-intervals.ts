import { checkScores } from '../decision/index.ts'
import { type Answer, confusionMatrix, type Vector } from '../math/index.ts'
import { averagePrecisionInterval } from './average-precision-interval.ts'
import { rocAucInterval } from './delong.ts'
import { wilsonInterval } from './wilson-interval.ts'

/** Intervals [low, high] beside the metrics of the same names. */
export interface FdsMetricIntervals {
  readonly auc_roc: Answer<readonly [number, number]>
  readonly auprc: Answer<readonly [number, number]>
  readonly recall: Answer<readonly [number, number]>
  readonly precision: Answer<readonly [number, number]>
  readonly fpr: Answer<readonly [number, number]>
}

/**
 * How far the metrics of `calculateFdsMetrics` may be off by chance, rows taken as independent draws: DeLong for
 * `auc_roc`, Boyd's logit interval for `auprc`, Wilson's for the rates at the threshold. Each has its own reasons for
 * no answer. Defaults: threshold 0.18, confidence 0.95. Errors: SCORES_INVALID, PARAM_INVALID. Cost: two sorts.
 *
 * @example
 * calculateFdsMetricIntervals([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]).auc_roc // [0.06932327703202121, 0.9917916068049313]
 */
export function calculateFdsMetricIntervals(
  yTrue: Vector,
  yProb: Vector,
  options: { threshold?: number; confidence?: number } = {},
): FdsMetricIntervals {
  const { threshold = 0.18, confidence = 0.95 } = options
  const { labels, scores } = checkScores({ yTrue, scores: yProb })
  const { tn, fp, fn, tp } = confusionMatrix(labels, scores, threshold)
  return {
    auc_roc: rocAucInterval(labels, scores, { confidence }),
    auprc: averagePrecisionInterval(labels, scores, { confidence }),
    recall: wilsonInterval({ successes: tp, trials: tp + fn, confidence }),
    precision: wilsonInterval({ successes: tp, trials: tp + fp, confidence }),
    fpr: wilsonInterval({ successes: fp, trials: fp + tn, confidence }),
  }
}
