import { once, read, write } from './endpoint.ts'
import { flag, integer, listOf, message, oneOf, required, text } from './fields.ts'
import { fileListing, LOGGED_MODEL_STATUSES, loggedModel, pair } from './messages.ts'

const modelId = required(text)
const answer = { model: required(message(loggedModel)) }

/** The logged models of MLflow 3 (`mlflow/protos/service.proto`). */
export const LOGGED_MODEL_ENDPOINTS = {
  createLoggedModel: once(
    'POST /logged-models',
    {
      experimentId: required(text),
      name: text,
      modelType: text,
      sourceRunId: text,
      params: listOf(message(pair)),
      tags: listOf(message(pair)),
    },
    answer,
  ),
  getLoggedModel: read('GET /logged-models/{model_id}', { modelId, allowDeleted: flag }, answer),
  listLoggedModelArtifacts: read(
    'GET /logged-models/{model_id}/artifacts/directories',
    { modelId, artifactDirectoryPath: text, pageToken: text },
    fileListing,
  ),
  finalizeLoggedModel: write(
    'PATCH /logged-models/{model_id}',
    { modelId, status: required(oneOf(LOGGED_MODEL_STATUSES)) },
    answer,
  ),
  deleteLoggedModel: once('DELETE /logged-models/{model_id}', { modelId }, {}),
  searchLoggedModels: read(
    'POST /logged-models/search',
    {
      experimentIds: required(listOf(text)),
      filter: text,
      datasets: listOf(message({ datasetName: required(text), datasetDigest: text })),
      maxResults: integer,
      orderBy: listOf(
        message({ fieldName: required(text), ascending: flag, datasetName: text, datasetDigest: text }),
      ),
      pageToken: text,
    },
    { models: listOf(message(loggedModel)), nextPageToken: text },
  ),
  setLoggedModelTags: write(
    'PATCH /logged-models/{model_id}/tags',
    { modelId, tags: listOf(message(pair)) },
    { model: message(loggedModel) },
  ),
  deleteLoggedModelTag: once(
    'DELETE /logged-models/{model_id}/tags/{tag_key}',
    { modelId, tagKey: required(text) },
    {},
  ),
  logLoggedModelParams: write(
    'POST /logged-models/{model_id}/params',
    { modelId, params: listOf(message(pair)) },
    {},
  ),
} as const
