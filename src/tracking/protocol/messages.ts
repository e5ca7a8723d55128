import { double, flag, integer, listOf, type MessageOf, message, oneOf, required, text } from './fields.ts'

/** The entities of MLflow's protocol, as they travel: lists stay lists, names are in camelCase. */
export const RUN_STATUSES = ['RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED'] as const
export const VIEW_TYPES = ['ACTIVE_ONLY', 'DELETED_ONLY', 'ALL'] as const
/** The protocol counts these from 0 (unspecified), so the name list starts at pending as number 1. */
export const LOGGED_MODEL_STATUSES = [
  'LOGGED_MODEL_PENDING',
  'LOGGED_MODEL_READY',
  'LOGGED_MODEL_UPLOAD_FAILED',
] as const

const lifecycleStage = oneOf(['active', 'deleted'])

/** A key with a text: a tag or a parameter. A missing value is the empty text. */
export const pair = { key: required(text), value: text }

export const experiment = {
  experimentId: required(text),
  name: required(text),
  artifactLocation: required(text),
  lifecycleStage: required(lifecycleStage),
  lastUpdateTime: integer,
  creationTime: integer,
  tags: listOf(message(pair)),
}

export const runInfo = {
  runId: required(text, 'run_uuid'),
  runName: text,
  experimentId: required(text),
  userId: text,
  status: required(oneOf(RUN_STATUSES)),
  startTime: integer,
  endTime: integer,
  artifactUri: text,
  lifecycleStage: required(lifecycleStage),
}

export const metric = {
  key: required(text),
  value: required(double),
  timestamp: required(integer),
  step: integer,
  datasetName: text,
  datasetDigest: text,
  modelId: text,
  runId: text,
}

export const dataset = {
  name: required(text),
  digest: required(text),
  sourceType: text,
  source: text,
  schema: text,
  profile: text,
}

export const datasetInput = { tags: listOf(message(pair)), dataset: required(message(dataset)) }
/** A data set that runs of an experiment read; `context` is what for, such as `training`. */
export const datasetSummary = {
  experimentId: required(text),
  name: required(text),
  digest: required(text),
  context: text,
}
export const modelInput = { modelId: required(text) }
export const modelOutput = { modelId: required(text), step: integer }

export const run = {
  info: required(message(runInfo)),
  data: required(
    message({
      metrics: listOf(message(metric)),
      params: listOf(message(pair)),
      tags: listOf(message(pair)),
    }),
  ),
  inputs: message({ datasetInputs: listOf(message(datasetInput)), modelInputs: listOf(message(modelInput)) }),
  outputs: message({ modelOutputs: listOf(message(modelOutput)) }),
}

export const fileInfo = { path: required(text), isDir: flag, fileSize: integer }
/** What lies directly below a folder of a run or of a logged model, with paths from its root. */
export const fileListing = { rootUri: text, files: listOf(message(fileInfo)), nextPageToken: text }

export const loggedModel = {
  info: required(
    message({
      modelId: required(text),
      experimentId: required(text),
      name: text,
      creationTimestampMs: integer,
      lastUpdatedTimestampMs: integer,
      artifactUri: text,
      status: required(oneOf(LOGGED_MODEL_STATUSES)),
      modelType: text,
      sourceRunId: text,
      statusMessage: text,
      tags: listOf(message(pair)),
    }),
  ),
  data: required(message({ params: listOf(message(pair)), metrics: listOf(message(metric)) })),
}

export const modelVersion = {
  name: required(text),
  version: required(text),
  creationTimestamp: required(integer),
  lastUpdatedTimestamp: integer,
  userId: text,
  currentStage: text,
  description: text,
  source: text,
  runId: text,
  status: text,
  statusMessage: text,
  tags: listOf(message(pair)),
  runLink: text,
  aliases: listOf(text),
  modelId: text,
}

export const registeredModel = {
  name: required(text),
  creationTimestamp: required(integer),
  lastUpdatedTimestamp: integer,
  userId: text,
  description: text,
  latestVersions: listOf(message(modelVersion)),
  tags: listOf(message(pair)),
  aliases: listOf(message({ alias: required(text), version: required(text) })),
}

export type RunStatus = (typeof RUN_STATUSES)[number]
export type ViewType = (typeof VIEW_TYPES)[number]
export type LoggedModelStatus = (typeof LOGGED_MODEL_STATUSES)[number]
export type PairMessage = MessageOf<typeof pair>
export type ExperimentMessage = MessageOf<typeof experiment>
export type RunInfoMessage = MessageOf<typeof runInfo>
export type RunMessage = MessageOf<typeof run>
export type MetricMessage = MessageOf<typeof metric>
export type DatasetInputMessage = MessageOf<typeof datasetInput>
export type FileInfoMessage = MessageOf<typeof fileInfo>
export type LoggedModelMessage = MessageOf<typeof loggedModel>
export type ModelVersionMessage = MessageOf<typeof modelVersion>
export type RegisteredModelMessage = MessageOf<typeof registeredModel>
