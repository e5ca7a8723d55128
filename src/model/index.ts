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
export {
  type ObservedTraining,
  observeTraining,
  type TrainingObservation,
  type TrainingObserver,
} from './training/observe-training.ts'
export { type QuantileCuts, type QuantileMatrix, quantileMatrix } from './training/quantile-matrix.ts'
export { embeddedTrainer, trainBooster } from './training/train-booster.ts'
export type { IterationEvent, Trainer, TrainingData } from './training/trainer.ts'
export type { Tree } from './tree.ts'
