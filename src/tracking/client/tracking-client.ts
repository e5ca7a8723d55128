import { FdsError } from '../../errors.ts'
import { API_PREFIXES, ARTIFACTS_PATH } from '../protocol/endpoints.ts'
import type { FileInfoMessage, LoggedModelStatus, RunStatus, ViewType } from '../protocol/messages.ts'
import { artifactPath, encodePath, joinUri } from './artifact-uri.ts'
import {
  type DatasetInput,
  type Experiment,
  experimentOf,
  type FileInfo,
  type LoggedModel,
  loggedModelOf,
  type Metric,
  type Page,
  pairsOf,
  type Run,
  type RunInfo,
  runOf,
  type Texts,
} from './entities.ts'
import { type ConnectionOptions, TrackingConnection } from './tracking-connection.ts'

/** What a search takes. `filter` is MLflow's search language; `orderBy` holds e.g. `metrics.auc DESC`. */
export interface SearchQuery {
  readonly filter?: string
  readonly orderBy?: readonly string[]
  readonly maxResults?: number
  readonly pageToken?: string
}

/** `timestamp` defaults to now, `step` to 0. */
export interface MetricInput {
  readonly key: string
  readonly value: number
  readonly timestamp?: number
  readonly step?: number
  /** A logged model that the value speaks of, which then carries it too. */
  readonly modelId?: string
}

export type ParamValue = string | number | boolean

/** The half of `MlflowClient` that speaks of experiments, runs, logged models and artifacts. */
export class TrackingClient {
  readonly uri: string
  readonly now: () => number
  protected readonly connection: TrackingConnection
  protected readonly options: ConnectionOptions

  constructor(options: ConnectionOptions) {
    this.options = options
    this.connection = new TrackingConnection(options)
    this.uri = options.uri
    this.now = options.now
  }

  // experiments

  /** The new experiment's id. */
  async createExperiment(
    name: string,
    options: { artifactLocation?: string; tags?: Texts } = {},
  ): Promise<string> {
    const { artifactLocation, tags = {} } = options
    const request = { name, artifactLocation, tags: pairsOf(tags) }
    return (await this.connection.call('createExperiment', request)).experimentId
  }

  async getExperiment(experimentId: string): Promise<Experiment> {
    return experimentOf((await this.connection.call('getExperiment', { experimentId })).experiment)
  }

  /** `undefined` if no experiment has that name. */
  async getExperimentByName(experimentName: string): Promise<Experiment | undefined> {
    const request = this.connection.call('getExperimentByName', { experimentName })
    const answer = await orUndefined(request, 'RESOURCE_DOES_NOT_EXIST')
    return answer && experimentOf(answer.experiment)
  }

  async searchExperiments(query: SearchQuery & { viewType?: ViewType } = {}): Promise<Page<Experiment>> {
    const request = { maxResults: 1000, orderBy: [], ...query }
    const { experiments, nextPageToken } = await this.connection.call('searchExperiments', request)
    return pageOf(experiments.map(experimentOf), nextPageToken)
  }

  async renameExperiment(request: { experimentId: string; newName: string }): Promise<void> {
    await this.connection.call('updateExperiment', request)
  }

  async deleteExperiment(experimentId: string): Promise<void> {
    await this.connection.call('deleteExperiment', { experimentId })
  }

  async restoreExperiment(experimentId: string): Promise<void> {
    await this.connection.call('restoreExperiment', { experimentId })
  }

  async setExperimentTag(experimentId: string, tag: { key: string; value: string }): Promise<void> {
    await this.connection.call('setExperimentTag', { experimentId, ...tag })
  }

  async deleteExperimentTag(request: { experimentId: string; key: string }): Promise<void> {
    await this.connection.call('deleteExperimentTag', request)
  }

  // runs

  /** A running run. `parentRunId` nests it; `startTime` defaults to now; without a name the server gives one. */
  async createRun(input: {
    experimentId: string
    runName?: string
    tags?: Texts
    startTime?: number
    parentRunId?: string
    userId?: string
  }): Promise<Run> {
    const { experimentId, runName, userId, parentRunId, startTime = this.now() } = input
    const parent: Texts = parentRunId === undefined ? {} : { 'mlflow.parentRunId': parentRunId }
    const tags = pairsOf({ ...input.tags, ...parent })
    return runOf(
      (await this.connection.call('createRun', { experimentId, runName, userId, startTime, tags })).run,
    )
  }

  async getRun(runId: string): Promise<Run> {
    return runOf((await this.connection.call('getRun', { runId })).run)
  }

  async updateRun(
    runId: string,
    changes: { status?: RunStatus; runName?: string; endTime?: number },
  ): Promise<RunInfo> {
    return (await this.connection.call('updateRun', { runId, ...changes })).runInfo
  }

  /** Ends the run; `status` defaults to FINISHED, `endTime` to now. */
  async setTerminated(runId: string, end: { status?: RunStatus; endTime?: number } = {}): Promise<void> {
    await this.updateRun(runId, { status: 'FINISHED', endTime: this.now(), ...end })
  }

  async deleteRun(runId: string): Promise<void> {
    await this.connection.call('deleteRun', { runId })
  }

  async restoreRun(runId: string): Promise<void> {
    await this.connection.call('restoreRun', { runId })
  }

  async searchRuns(
    query: SearchQuery & { experimentIds: readonly string[]; runViewType?: ViewType },
  ): Promise<Page<Run>> {
    const { runs, nextPageToken } = await this.connection.call('searchRuns', { orderBy: [], ...query })
    return pageOf(runs.map(runOf), nextPageToken)
  }

  async logMetric(runId: string, metric: MetricInput): Promise<void> {
    await this.connection.call('logMetric', { runId, ...this.#metric(metric) })
  }

  async logParam(runId: string, param: { key: string; value: ParamValue }): Promise<void> {
    await this.connection.call('logParam', { runId, key: param.key, value: String(param.value) })
  }

  async setTag(runId: string, tag: { key: string; value: string }): Promise<void> {
    await this.connection.call('setTag', { runId, ...tag })
  }

  async deleteTag(request: { runId: string; key: string }): Promise<void> {
    await this.connection.call('deleteTag', request)
  }

  /** One call, at most 1,000 entries, of them 100 parameters and 100 tags. The embedded server takes all or none. */
  async logBatch(
    runId: string,
    batch: {
      metrics?: readonly MetricInput[]
      params?: readonly { key: string; value: ParamValue }[]
      tags?: readonly { key: string; value: string }[]
    },
  ): Promise<void> {
    const metrics = (batch.metrics ?? []).map((metric) => this.#metric(metric))
    const params = (batch.params ?? []).map(({ key, value }) => ({ key, value: String(value) }))
    await this.connection.call('logBatch', { runId, metrics, params, tags: batch.tags ?? [] })
  }

  /** All points of a metric, in the order of (step, timestamp, value); asks page by page. */
  async getMetricHistory(runId: string, key: string): Promise<Metric[]> {
    const points: Metric[] = []
    let pageToken: string | undefined
    do {
      const request = { runId, metricKey: key, maxResults: 25_000, pageToken }
      const page = await this.connection.call('getMetricHistory', request)
      points.push(...page.metrics.map((point) => ({ ...point, step: point.step ?? 0 })))
      pageToken = page.nextPageToken || undefined
    } while (pageToken !== undefined)
    return points
  }

  /** Says which data sets a run read. The same one twice is one. */
  async logInputs(runId: string, datasets: readonly DatasetInput[]): Promise<void> {
    const inputs = datasets.map(({ dataset, tags }) => ({ dataset, tags: pairsOf(tags) }))
    await this.connection.call('logInputs', { runId, datasets: inputs, models: [] })
  }

  /** Says which logged models a run made. */
  async logOutputs(runId: string, models: readonly { modelId: string; step: number }[]): Promise<void> {
    await this.connection.call('logOutputs', { runId, models })
  }

  // artifacts

  /** Writes one file below the run's artifact folder; `path` may name folders. */
  async logArtifact(runId: string, file: { path: string; data: Uint8Array | string }): Promise<void> {
    const { artifactUri } = (await this.getRun(runId)).info
    await this.uploadFile(joinUri(artifactUri ?? '', file.path), file.data)
  }

  /** Writes several files, the run asked for once. Keys are paths below the run's artifact folder. */
  async logArtifacts(runId: string, files: ReadonlyMap<string, Uint8Array | string>): Promise<void> {
    const { artifactUri } = (await this.getRun(runId)).info
    for (const [path, data] of files) await this.uploadFile(joinUri(artifactUri ?? '', path), data)
  }

  /** What lies directly below `path`, or below the run's artifact folder. */
  async listArtifacts(runId: string, path?: string): Promise<FileInfo[]> {
    return (await this.connection.call('listArtifacts', { runId, path })).files.map(fileInfoOf)
  }

  /** The bytes of one file. */
  async downloadArtifact(runId: string, path: string): Promise<Uint8Array> {
    const query = new URLSearchParams({ run_id: runId, path }).toString()
    return (await this.connection.send({ method: 'GET', path: '/get-artifact', query, headers: {} }, true))
      .body
  }

  /** What lies directly below an artifact location (`mlflow-artifacts:/…`); paths are names within it. */
  async listFolder(uri: string): Promise<FileInfo[]> {
    return (await this.connection.listFolder(artifactPath(uri))).map(fileInfoOf)
  }

  /** Every file below an artifact location (`mlflow-artifacts:/…`), by its path below that location. */
  async downloadFolder(uri: string, below = ''): Promise<Map<string, Uint8Array>> {
    const files = new Map<string, Uint8Array>()
    for (const entry of await this.listFolder(joinUri(uri, below))) {
      const path = below === '' ? entry.path : `${below}/${entry.path}`
      if (!entry.isDir) files.set(path, await this.downloadFile(joinUri(uri, path)))
      else for (const [inner, data] of await this.downloadFolder(uri, path)) files.set(inner, data)
    }
    return files
  }

  async downloadFile(uri: string): Promise<Uint8Array> {
    return (await this.connection.send({ method: 'GET', path: fileRoute(uri), headers: {} }, true)).body
  }

  async uploadFile(uri: string, data: Uint8Array | string): Promise<void> {
    const headers = { 'content-type': 'application/octet-stream' }
    const body = typeof data === 'string' ? data : new Uint8Array(data)
    await this.connection.send({ method: 'PUT', path: fileRoute(uri), headers, body }, true)
  }

  // logged models

  /** A logged model that waits for its files; `finalizeLoggedModel` makes it ready. */
  async createLoggedModel(input: {
    experimentId: string
    name?: string
    modelType?: string
    sourceRunId?: string
    params?: Texts
    tags?: Texts
  }): Promise<LoggedModel> {
    const { params = {}, tags = {}, ...rest } = input
    const request = { ...rest, params: pairsOf(params), tags: pairsOf(tags) }
    return loggedModelOf((await this.connection.call('createLoggedModel', request)).model)
  }

  async getLoggedModel(modelId: string): Promise<LoggedModel> {
    return loggedModelOf((await this.connection.call('getLoggedModel', { modelId })).model)
  }

  async finalizeLoggedModel(request: { modelId: string; status: LoggedModelStatus }): Promise<LoggedModel> {
    return loggedModelOf((await this.connection.call('finalizeLoggedModel', request)).model)
  }

  async searchLoggedModels(
    query: Omit<SearchQuery, 'orderBy'> & { experimentIds: readonly string[] },
  ): Promise<Page<LoggedModel>> {
    const request = { orderBy: [], datasets: [], ...query }
    const { models, nextPageToken } = await this.connection.call('searchLoggedModels', request)
    return pageOf(models.map(loggedModelOf), nextPageToken)
  }

  async setLoggedModelTags(modelId: string, tags: Texts): Promise<void> {
    await this.connection.call('setLoggedModelTags', { modelId, tags: pairsOf(tags) })
  }

  async deleteLoggedModel(modelId: string): Promise<void> {
    await this.connection.call('deleteLoggedModel', { modelId })
  }

  #metric(metric: MetricInput): Metric {
    return { timestamp: this.now(), step: 0, ...metric }
  }
}

export function pageOf<T>(items: readonly T[], nextPageToken: string | undefined): Page<T> {
  return nextPageToken ? { items, nextPageToken } : { items }
}

/** The answer, or `undefined` where the server refuses with that code. */
async function orUndefined<T>(answer: Promise<T>, errorCode: string): Promise<T | undefined> {
  try {
    return await answer
  } catch (error) {
    if (isTrackingError(error, errorCode)) return undefined
    throw error
  }
}

/** True for a TRACKING_FAILED with that code of MLflow. */
export function isTrackingError(error: unknown, errorCode: string): boolean {
  if (!(error instanceof FdsError) || error.code !== 'TRACKING_FAILED') return false
  return (error as FdsError<'TRACKING_FAILED'>).details.errorCode === errorCode
}

function fileInfoOf({ path, isDir = false, fileSize }: FileInfoMessage): FileInfo {
  return fileSize === undefined ? { path, isDir } : { path, isDir, fileSize }
}

function fileRoute(uri: string): string {
  return `${API_PREFIXES[0]}${ARTIFACTS_PATH}/${encodePath(artifactPath(uri))}`
}
