export { Booster, type BoosterParts, type EvalHistory, type PredictOptions, type Rows } from './booster.ts'
export type { CustomMetric } from './custom-metric.ts'
export type { Scored } from './eval-metrics.ts'
export type { EvalSet } from './evaluation.ts'
export type { ImportanceKind } from './importance.ts'
export { type ImportancePlotOptions, importancePlot } from './importance-plot.ts'
export { type BoosterParams, type EvalMetric, type GrowPolicy, PARAMS, type ParamSpec } from './params.ts'
export { paramsToXgboost, parseParams } from './parse-params.ts'
export { type QuantileCuts, type QuantileMatrix, quantileMatrix } from './quantile-matrix.ts'
export {
  embeddedTrainer,
  type IterationEvent,
  type Trainer,
  type TrainingData,
  trainBooster,
} from './train-booster.ts'
export type { Tree } from './tree.ts'
export { loadXgboostModel, MODEL_FORMATS, type ModelFormat, saveXgboostModel } from './xgboost-model.ts'
