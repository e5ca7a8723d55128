export {
  type CategoricalDistribution,
  categoricalDistribution,
  type Distribution,
  type FloatDistribution,
  floatDistribution,
  type IntDistribution,
  intDistribution,
  type Params,
  type ParamValue,
} from './distribution.ts'
export { MedianPruner } from './median-pruner.ts'
export type { Objective, OptimizeOptions } from './optimize.ts'
export { NopPruner, type Pruner } from './pruner.ts'
export { RandomSampler } from './random-sampler.ts'
export type { Sampler, StudyView } from './sampler.ts'
export { createStudy, type Study, type StudyOptions } from './study.ts'
export { TPESampler } from './tpe-sampler.ts'
export type { FrozenTrial, Trial, TrialState } from './trial.ts'
export { TrialPruned } from './trial-pruned.ts'
