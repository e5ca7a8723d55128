import { ajaxFirst, once, read, write } from './endpoint.ts'
import { double, integer, listOf, message, oneOf, required, text } from './fields.ts'
import {
  datasetInput,
  datasetSummary,
  experiment,
  fileListing,
  metric,
  modelInput,
  modelOutput,
  pair,
  RUN_STATUSES,
  run,
  runInfo,
  VIEW_TYPES,
} from './messages.ts'

const experimentId = required(text)
const runId = required(text, 'run_uuid')
const search = { maxResults: integer, pageToken: text, filter: text, orderBy: listOf(text) }

/** Experiments, runs and what is logged to them (`mlflow/protos/service.proto`). */
export const TRACKING_ENDPOINTS = {
  createExperiment: once(
    'POST /experiments/create',
    { name: required(text), artifactLocation: text, tags: listOf(message(pair)) },
    { experimentId },
  ),
  getExperiment: read(
    'GET /experiments/get',
    { experimentId },
    { experiment: required(message(experiment)) },
  ),
  getExperimentByName: read(
    'GET /experiments/get-by-name',
    { experimentName: required(text) },
    { experiment: required(message(experiment)) },
  ),
  searchExperiments: read(
    'POST|GET /experiments/search',
    { ...search, viewType: oneOf(VIEW_TYPES) },
    { experiments: listOf(message(experiment)), nextPageToken: text },
  ),
  updateExperiment: write('POST /experiments/update', { experimentId, newName: required(text) }, {}),
  deleteExperiment: once('POST /experiments/delete', { experimentId }, {}),
  restoreExperiment: once('POST /experiments/restore', { experimentId }, {}),
  setExperimentTag: write('POST /experiments/set-experiment-tag', { experimentId, ...pair }, {}),
  deleteExperimentTag: once('POST /experiments/delete-experiment-tag', { experimentId, key: pair.key }, {}),

  createRun: once(
    'POST /runs/create',
    { experimentId, userId: text, runName: text, startTime: integer, tags: listOf(message(pair)) },
    { run: required(message(run)) },
  ),
  getRun: read('GET /runs/get', { runId }, { run: required(message(run)) }),
  updateRun: write(
    'POST /runs/update',
    { runId, status: oneOf(RUN_STATUSES), endTime: integer, runName: text },
    { runInfo: required(message(runInfo)) },
  ),
  deleteRun: write('POST /runs/delete', { runId }, {}),
  restoreRun: write('POST /runs/restore', { runId }, {}),
  searchRuns: read(
    'POST /runs/search',
    { ...search, experimentIds: listOf(text), runViewType: oneOf(VIEW_TYPES) },
    { runs: listOf(message(run)), nextPageToken: text },
  ),
  logMetric: write(
    'POST /runs/log-metric',
    {
      runId,
      key: required(text),
      value: required(double),
      timestamp: required(integer),
      step: integer,
      modelId: text,
      datasetName: text,
      datasetDigest: text,
    },
    {},
  ),
  logParam: write('POST /runs/log-parameter', { runId, ...pair }, {}),
  setTag: write('POST /runs/set-tag', { runId, ...pair }, {}),
  deleteTag: once('POST /runs/delete-tag', { runId, key: pair.key }, {}),
  logBatch: write(
    'POST /runs/log-batch',
    {
      runId,
      metrics: listOf(message(metric)),
      params: listOf(message(pair)),
      tags: listOf(message(pair)),
    },
    {},
  ),
  logInputs: write(
    'POST /runs/log-inputs',
    { runId, datasets: listOf(message(datasetInput)), models: listOf(message(modelInput)) },
    {},
  ),
  logOutputs: write('POST /runs/outputs', { runId, models: listOf(message(modelOutput)) }, {}),
  logModel: once('POST /runs/log-model', { runId, modelJson: required(text) }, {}),
  searchDatasets: ajaxFirst(
    read(
      'POST /experiments/search-datasets',
      { experimentIds: listOf(text) },
      { datasetSummaries: listOf(message(datasetSummary)) },
    ),
  ),
  listArtifacts: read('GET /artifacts/list', { runId, path: text, pageToken: text }, fileListing),
  createPresignedUploadUrl: read(
    'POST /artifacts/presigned-upload-url',
    { runId: text, modelId: text, path: required(text), expiration: integer },
    { presignedUrl: text },
  ),
  createPresignedDownloadUrl: read(
    'POST /artifacts/presigned-download-url',
    { runId, path: required(text), expiration: integer },
    { presignedUrl: text, fileSize: integer },
  ),
} as const
