export { MedianPruner } from './pruners/median-pruner.ts'
export { NopPruner, type Pruner } from './pruners/pruner.ts'
export { RandomSampler } from './samplers/random-sampler.ts'
export type { Sampler, StudyView } from './samplers/sampler.ts'
export { TPESampler } from './samplers/tpe-sampler.ts'
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
} from './study/distribution.ts'
export type { Objective, OptimizeOptions } from './study/optimize.ts'
export { createStudy, type Study, type StudyOptions } from './study/study.ts'
export type { FrozenTrial, Trial, TrialState } from './study/trial.ts'
export { TrialPruned } from './study/trial-pruned.ts'
