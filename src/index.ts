// The public surface, in the order of the rooms: what happened, numbers, trees, decisions, quality, search,
// records, watching over time, serving.

export * from './data/index.ts'
export * from './decision/index.ts'
export { type ErrorCode, type ErrorDetails, FdsError } from './errors.ts'
export * from './evaluation/index.ts'
export * from './features/index.ts'
export { createLogger, type Logger } from './log.ts'
export * from './math/index.ts'
// with the clock and the environment that the room is not given
export { MlflowClient, setTrackingUri } from './mlflow.ts'
export * from './model/index.ts'
// two rooms have a name of their own for these; outside, the first room's meaning holds
export type { Arm } from './monitoring/index.ts'
export * from './monitoring/index.ts'
export { type AutologOptions, autolog, flushAutolog } from './pipeline/autolog.ts'
export { type LogModelOptions, logModel, type ModelInfo } from './pipeline/log-model.ts'
export { TrackingStorage, type TrackingStorageOptions } from './pipeline/tracking-storage.ts'
export * from './serving/index.ts'
// with the clock that the room is not given
export { createStudy } from './study.ts'
export * from './tracking/index.ts'
export type { ParamValue } from './tuning/index.ts'
export * from './tuning/index.ts'
