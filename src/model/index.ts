export { Booster, type BoosterParts, type EvalHistory, type PredictOptions } from './booster.ts'
export { loadXgboostModel, MODEL_FORMATS, type ModelFormat, saveXgboostModel } from './files/xgboost-model.ts'
export type { ImportanceKind } from './importance.ts'
export { type ImportancePlotOptions, importancePlot } from './importance-plot.ts'
export { type BoosterParams, type EvalMetric, type GrowPolicy, PARAMS, type ParamSpec } from './params.ts'
export { paramsToXgboost, parseParams } from './parse-params.ts'
export type { Rows } from './rows.ts'
export type { CustomMetric } from './training/custom-metric.ts'
export type { Scored } from './training/eval-metrics.ts'
export type { EvalSet } from './training/evaluation.ts'
export { type QuantileCuts, type QuantileMatrix, quantileMatrix } from './training/quantile-matrix.ts'
export {
  embeddedTrainer,
  type IterationEvent,
  type Trainer,
  type TrainingData,
  trainBooster,
} from './training/train-booster.ts'
export type { Tree } from './tree.ts'
