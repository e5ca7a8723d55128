import { once, read, write } from './endpoint.ts'
import { audit } from './fds-endpoints.ts'
import { flag, integer, listOf, message, required, text } from './fields.ts'
import { modelVersion, pair, registeredModel } from './messages.ts'

const name = required(text)
const version = required(text)
const alias = required(text)
const search = { filter: text, maxResults: integer, orderBy: listOf(text), pageToken: text }
const modelAnswer = { registeredModel: required(message(registeredModel)) }
const versionAnswer = { modelVersion: required(message(modelVersion)) }

/**
 * The model registry (`mlflow/protos/model_registry.proto`). Calls that move aliases also say who and why; MLflow's
 * own server ignores that, as it ignores every key that it does not know.
 */
export const REGISTRY_ENDPOINTS = {
  createRegisteredModel: once(
    'POST /registered-models/create',
    { name, tags: listOf(message(pair)), description: text },
    modelAnswer,
  ),
  getRegisteredModel: read('GET /registered-models/get', { name }, modelAnswer),
  searchRegisteredModels: read('GET /registered-models/search', search, {
    registeredModels: listOf(message(registeredModel)),
    nextPageToken: text,
  }),
  renameRegisteredModel: once(
    'POST /registered-models/rename',
    { name, newName: required(text), ...audit },
    modelAnswer,
  ),
  updateRegisteredModel: write('PATCH /registered-models/update', { name, description: text }, modelAnswer),
  deleteRegisteredModel: once('DELETE /registered-models/delete', { name, ...audit }, {}),
  getLatestVersions: read(
    'POST|GET /registered-models/get-latest-versions',
    { name, stages: listOf(text) },
    { modelVersions: listOf(message(modelVersion)) },
  ),
  setRegisteredModelTag: write('POST /registered-models/set-tag', { name, ...pair }, {}),
  deleteRegisteredModelTag: write('DELETE /registered-models/delete-tag', { name, key: pair.key }, {}),
  setRegisteredModelAlias: write('POST /registered-models/alias', { name, alias, version, ...audit }, {}),
  deleteRegisteredModelAlias: write('DELETE /registered-models/alias', { name, alias, ...audit }, {}),
  getModelVersionByAlias: read('GET /registered-models/alias', { name, alias }, versionAnswer),

  createModelVersion: once(
    'POST /model-versions/create',
    {
      name,
      source: required(text),
      runId: text,
      tags: listOf(message(pair)),
      runLink: text,
      description: text,
      modelId: text,
    },
    versionAnswer,
  ),
  getModelVersion: read('GET /model-versions/get', { name, version }, versionAnswer),
  searchModelVersions: read('GET /model-versions/search', search, {
    modelVersions: listOf(message(modelVersion)),
    nextPageToken: text,
  }),
  updateModelVersion: write(
    'PATCH /model-versions/update',
    { name, version, description: text },
    versionAnswer,
  ),
  deleteModelVersion: once('DELETE /model-versions/delete', { name, version, ...audit }, {}),
  getModelVersionDownloadUri: read(
    'GET /model-versions/get-download-uri',
    { name, version },
    { artifactUri: required(text) },
  ),
  setModelVersionTag: write('POST /model-versions/set-tag', { name, version, ...pair }, {}),
  deleteModelVersionTag: write('DELETE /model-versions/delete-tag', { name, version, key: pair.key }, {}),
  transitionModelVersionStage: once(
    'POST /model-versions/transition-stage',
    { name, version, stage: required(text), archiveExistingVersions: flag },
    versionAnswer,
  ),
} as const
