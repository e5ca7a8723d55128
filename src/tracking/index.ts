export type {
  DatasetInput,
  Experiment,
  FileInfo,
  LoggedModel,
  Metric,
  ModelVersion,
  Page,
  RegisteredModel,
  Run,
  RunInfo,
  Texts,
} from './entities.ts'
export {
  activeRunId,
  logArtifact,
  logMetrics,
  logParams,
  type StartRunOptions,
  setExperiment,
  setTags,
  setTrackingClient,
  startRun,
} from './fluent.ts'
export { type LoadedModelFiles, loadModelFiles } from './load-model-files.ts'
export { MlflowClient, type VersionKey } from './mlflow-client.ts'
export { type ModelFolder, type ModelFolderInput, readModelFolder, writeModelFolder } from './model-folder.ts'
export { type ModelUri, parseModelUri } from './model-uri.ts'
export type { LoggedModelStatus, RunStatus, ViewType } from './protocol-messages.ts'
export { type AliasMove, CHALLENGER, CHAMPION, PREVIOUS_CHAMPION, promote, rollback } from './registry.ts'
export { isTrackingError, type MetricInput, type ParamValue, type SearchQuery } from './tracking-client.ts'
export type { ConnectionOptions } from './tracking-connection.ts'
export {
  createTrackingServer,
  type IdSource,
  type TrackingServer,
  type TrackingServerInput,
} from './tracking-server.ts'
export type { Transport, TransportRequest, TransportResponse } from './transport.ts'
