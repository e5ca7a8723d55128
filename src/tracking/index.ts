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
} from './client/entities.ts'
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
} from './client/fluent.ts'
export { MlflowClient, type VersionKey } from './client/mlflow-client.ts'
export {
  isTrackingError,
  type MetricInput,
  type ParamValue,
  type SearchQuery,
} from './client/tracking-client.ts'
export type { ConnectionOptions } from './client/tracking-connection.ts'
export type { Transport, TransportRequest, TransportResponse } from './client/transport.ts'
export { type LoadedModelFiles, loadModelFiles } from './models/load-model-files.ts'
export {
  type ModelFolder,
  type ModelFolderInput,
  readModelFolder,
  writeModelFolder,
} from './models/model-folder.ts'
export {
  type AliasMove,
  CHALLENGER,
  CHAMPION,
  PREVIOUS_CHAMPION,
  promote,
  rollback,
} from './models/registry.ts'
export type { LoggedModelStatus, RunStatus, ViewType } from './protocol/messages.ts'
export { type ModelUri, parseModelUri } from './protocol/model-uri.ts'
export {
  createTrackingServer,
  type IdSource,
  type TrackingServer,
  type TrackingServerInput,
} from './server/tracking-server.ts'
