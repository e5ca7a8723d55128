export { plotContour } from './analysis/contour.ts'
export { type Contour, type ContourAxis, type ContourPair, contourData } from './analysis/contour-data.ts'
export { type Edf, edfData, plotEdf } from './analysis/edf.ts'
export {
  type IntermediateValues,
  intermediateValuesData,
  plotIntermediateValues,
} from './analysis/intermediate-values.ts'
export {
  type OptimizationHistory,
  optimizationHistoryData,
  plotOptimizationHistory,
} from './analysis/optimization-history.ts'
export { plotParallelCoordinate } from './analysis/parallel-coordinate.ts'
export {
  type ParallelCoordinate,
  type ParallelDimension,
  parallelCoordinateData,
} from './analysis/parallel-data.ts'
export { getParamImportances, type ParamImportancesOptions } from './analysis/param-importances.ts'
export { paramImportancesData, plotParamImportances } from './analysis/param-importances-plot.ts'
export { plotStudy } from './analysis/plot-study.ts'
export { type ParamsPlotOptions, plotSlice, type Slice, sliceData } from './analysis/slice.ts'
export {
  crossValidationError,
  improvementBound,
  isFurtherGainUnlikely,
  type StopHintOptions,
} from './analysis/terminator.ts'
export { plotTimeline, type TimelineBar, timelineData } from './analysis/timeline.ts'
export { MedianPruner } from './pruners/median-pruner.ts'
export { PatientPruner } from './pruners/patient-pruner.ts'
export { PercentilePruner, type PercentilePrunerOptions } from './pruners/percentile-pruner.ts'
export { NopPruner, type Pruner } from './pruners/pruner.ts'
export {
  SuccessiveHalvingPruner,
  type SuccessiveHalvingPrunerOptions,
} from './pruners/successive-halving-pruner.ts'
export { WilcoxonPruner } from './pruners/wilcoxon-pruner.ts'
export { AutoSampler } from './samplers/auto-sampler.ts'
export { GPSampler, type GPSamplerOptions } from './samplers/gp-sampler.ts'
export { GridSampler } from './samplers/grid-sampler.ts'
export { RandomSampler } from './samplers/random-sampler.ts'
export type { Sampler, StudyView } from './samplers/sampler.ts'
export { TPESampler, type TPESamplerOptions } from './samplers/tpe-sampler.ts'
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
export { InMemoryStorage } from './study/in-memory-storage.ts'
export type { Objective, OptimizeOptions } from './study/optimize.ts'
export { loadStudy, type StoredStudy, type StoredStudyOptions } from './study/stored-study.ts'
export { createStudy, type Study, type StudyOptions } from './study/study.ts'
export type { LogEntry, StudyStorage, SyncReply, SyncRequest } from './study/study-storage.ts'
export type { FrozenTrial, Trial, TrialState } from './study/trial.ts'
export { TrialPruned } from './study/trial-pruned.ts'
