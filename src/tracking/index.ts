export {
  activeRun,
  activeRunId,
  activeRunLogger,
  endRun,
  lastActiveRun,
  type StartRunOptions,
  startRun,
} from './client/active-run.ts'
export type { ArtifactSource, ArtifactSources } from './client/artifact-client.ts'
export type { ArtifactData } from './client/artifact-repository.ts'
export {
  contentDigest,
  createDataset,
  type Dataset,
  type DatasetDescription,
  fileDigest,
} from './client/dataset.ts'
export type {
  AliasChange,
  AliasMove,
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
export { type ConnectionEnvironment, environmentOptions } from './client/environment-options.ts'
export {
  deleteTag,
  type LogMetricOptions,
  type LogOptions,
  logInput,
  logMetric,
  logMetrics,
  logParam,
  logParams,
  setTag,
  setTags,
} from './client/fluent.ts'
export {
  getArtifactUri,
  loadTable,
  logArtifact,
  logArtifacts,
  logDict,
  logFigure,
  logTable,
  logText,
} from './client/fluent-artifacts.ts'
export { getParentRun, getRun, type SearchRunsQuery, searchRuns } from './client/fluent-search.ts'
export {
  enableAsyncLogging,
  getTrackingUri,
  setExperiment,
  setTrackingClient,
  setTrackingDefaults,
  type TrackingDefaults,
  trackingClient,
} from './client/fluent-state.ts'
export type { LoggedTable, TableInput } from './client/logged-table.ts'
export { MlflowClient, type Mover, type VersionKey } from './client/mlflow-client.ts'
export type { MetricInput, ParamValue } from './client/run-client.ts'
export { flushAsyncLogging, RunLogger } from './client/run-logger.ts'
export {
  type ClientOptions,
  eachItem,
  isTrackingError,
  isUnknownCall,
  type SearchQuery,
} from './client/tracking-client.ts'
export type { ConnectionOptions } from './client/tracking-connection.ts'
export type { TlsOptions, Transport, TransportRequest, TransportResponse } from './client/transport.ts'
export { type LoadedModelFiles, loadModelFiles } from './models/load-model-files.ts'
export { locateModel, loggedModelOfRun, type ModelLocation } from './models/locate-model.ts'
export {
  type LogModelFolderInput,
  logModelFolder,
  type MakeModelInput,
  type ModelContent,
  makeModel,
} from './models/log-model.ts'
export {
  type ModelFolder,
  namedFiles,
  readModelFolder,
  type SignatureColumn,
} from './models/read-model-folder.ts'
export { aliasHistory, type ChampionMove, promote, rollback } from './models/registry.ts'
export {
  DEPLOYMENT_ENV,
  DEPLOYMENT_ENVS,
  KNOWN_VERSION_TAGS,
  VALIDATION_STATUS,
  VALIDATION_STATUSES,
  type ValidationStatus,
} from './models/version-tags.ts'
export { type ModelFolderInput, writeModelFolder } from './models/write-model-folder.ts'
export { CHALLENGER, CHAMPION, PREVIOUS_CHAMPION } from './protocol/fds-endpoints.ts'
export type { LoggedModelStatus, RunStatus, ViewType } from './protocol/messages.ts'
export { type ModelUri, parseModelUri } from './protocol/model-uri.ts'
export {
  type AccessInput,
  type AccessPolicy,
  type ApiKey,
  createAccess,
  userOf,
  type Verdict,
} from './server/access.ts'
export type { TrackingMetrics } from './server/metrics.ts'
export { parseUsers, type Role, type User, userLine } from './server/passwords.ts'
export { createTrackingApp } from './server/tracking-app.ts'
export {
  createTrackingServer,
  type IdSource,
  type TrackingServer,
  type TrackingServerInput,
} from './server/tracking-server.ts'
