export { averagePrecisionScore } from './average-precision.ts'
export { averagePrecisionInterval } from './average-precision-interval.ts'
export { type DelongTest, delongTest, rocAucInterval } from './delong.ts'
export { calculateFdsMetricIntervals, type FdsMetricIntervals } from './fds-metric-intervals.ts'
export { calculateFdsMetrics, type FdsMetrics, type FdsMetricsOptions } from './fds-metrics.ts'
export { performanceAtTop, type TopPerformance } from './performance-at-top.ts'
export { type PrecisionRecallCurve, precisionRecallCurve } from './precision-recall-curve.ts'
export { brierLoss, logLoss } from './probability-losses.ts'
export {
  balancedAccuracyScore,
  f1Score,
  falsePositiveRate,
  matthewsCorrelation,
  precisionScore,
  recallScore,
} from './rates.ts'
export { type RecallAtFpr, recallAtFpr } from './recall-at-fpr.ts'
export {
  expectedCalibrationError,
  type ReliabilityBin,
  type ReliabilityOptions,
  reliabilityBins,
} from './reliability.ts'
export { rocAucScore } from './roc-auc.ts'
export { type RocCurve, rocCurve } from './roc-curve.ts'
export { wilsonInterval } from './wilson-interval.ts'
