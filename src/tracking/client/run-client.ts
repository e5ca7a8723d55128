import type { CallRequest } from '../protocol/endpoints.ts'
import type { RunStatus, ViewType } from '../protocol/messages.ts'
import {
  type DatasetInput,
  type DatasetSummary,
  type Metric,
  type Page,
  pairsOf,
  type Run,
  type RunInfo,
  type RunMetric,
  runOf,
  type Texts,
} from './entities.ts'
import { pageOf, type SearchQuery, TrackingClient } from './tracking-client.ts'

/** `timestamp` defaults to now, `step` to 0. */
export interface MetricInput {
  readonly key: string
  readonly value: number
  readonly timestamp?: number
  readonly step?: number
  /** A logged model that the value speaks of, which then carries it too. */
  readonly modelId?: string | undefined
  /** The data set that the value was measured on, as `logInputs` named it. */
  readonly datasetName?: string | undefined
  readonly datasetDigest?: string | undefined
}

/** Stored as its text; null, a choice that a study may make, as `null`. */
export type ParamValue = string | number | boolean | null

/** The part of `MlflowClient` that speaks of runs and of what is logged to them. */
export class RunClient extends TrackingClient {
  /**
   * A running run. `parentRunId` nests it; `startTime` defaults to now, `userId` to the tag `mlflow.user`; without a
   * name the server gives one.
   */
  async createRun(input: {
    experimentId: string
    runName?: string | undefined
    tags?: Texts
    startTime?: number
    parentRunId?: string | undefined
    userId?: string
  }): Promise<Run> {
    const { parentRunId, tags: given = {}, ...rest } = input
    const parent: Texts = parentRunId === undefined ? {} : { 'mlflow.parentRunId': parentRunId }
    const tags = pairsOf({ ...given, ...parent })
    const request = { startTime: this.now(), userId: given['mlflow.user'], ...rest, tags }
    return runOf((await this.connection.call('createRun', request)).run)
  }

  async getRun(runId: string): Promise<Run> {
    return runOf((await this.connection.call('getRun', { runId })).run)
  }

  /** The run that this one is nested in, if it is. */
  async getParentRun(runId: string): Promise<Run | undefined> {
    const parentRunId = (await this.getRun(runId)).data.tags['mlflow.parentRunId']
    return parentRunId === undefined ? undefined : this.getRun(parentRunId)
  }

  async updateRun(
    runId: string,
    changes: { status?: RunStatus; runName?: string | undefined; endTime?: number | undefined },
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
    await this.connection.call('logMetric', { runId, ...pointOf(metric, this.now()) })
  }

  /** A parameter is set once: the same value again is taken, another is refused. */
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
    const now = this.now()
    const metrics = (batch.metrics ?? []).map((metric) => pointOf(metric, now))
    const params = (batch.params ?? []).map(({ key, value }) => ({ key, value: String(value) }))
    await this.connection.call('logBatch', { runId, metrics, params, tags: batch.tags ?? [] })
  }

  /** Says which data sets, and which logged models, a run read. The same one twice is one. */
  async logInputs(
    runId: string,
    datasets: readonly DatasetInput[],
    models: readonly { modelId: string }[] = [],
  ): Promise<void> {
    const inputs = datasets.map(({ dataset, tags }) => ({ dataset, tags: pairsOf(tags) }))
    await this.connection.call('logInputs', { runId, datasets: inputs, models })
  }

  /** Says which logged models a run made. */
  async logOutputs(runId: string, models: readonly { modelId: string; step: number }[]): Promise<void> {
    await this.connection.call('logOutputs', { runId, models })
  }

  /** Tells the run of the MLmodel that was written to it, in JSON, as clients before MLflow 3 do. */
  async logModel(runId: string, modelJson: string): Promise<void> {
    await this.connection.call('logModel', { runId, modelJson })
  }

  /** Names, digests and contexts of the data sets that runs of these experiments read; at most 20 experiments. */
  async searchDatasets(experimentIds: readonly string[]): Promise<readonly DatasetSummary[]> {
    return (await this.connection.call('searchDatasets', { experimentIds })).datasetSummaries
  }

  /** All points of a metric, in the order of (step, timestamp, value); asks page by page. */
  async getMetricHistory(runId: string, key: string): Promise<Metric[]> {
    const points: Metric[] = []
    let pageToken: string | undefined
    do {
      const request = { runId, metricKey: key, maxResults: 25_000, pageToken }
      const page = await this.connection.call('getMetricHistory', request)
      for (const point of page.metrics) points.push({ ...point, step: point.step ?? 0 })
      pageToken = page.nextPageToken || undefined
    } while (pageToken !== undefined)
    return points
  }

  /** The first points of a metric of up to 100 runs, `maxResults` (25,000) in all. */
  async getMetricHistoryBulk(request: {
    runIds: readonly string[]
    metricKey: string
    maxResults?: number
  }): Promise<RunMetric[]> {
    const { runIds, ...rest } = request
    const { metrics } = await this.connection.call('getMetricHistoryBulk', { ...rest, runId: runIds })
    return metrics.map((point) => ({ ...point, step: point.step ?? 0 }))
  }

  /** For plots: of each of up to 100 runs at most `maxResults` points, spread over its steps. */
  async getMetricHistoryBulkInterval(
    request: CallRequest<'getMetricHistoryBulkInterval'>,
  ): Promise<RunMetric[]> {
    const { metrics } = await this.connection.call('getMetricHistoryBulkInterval', request)
    return metrics.map((point) => ({ ...point, step: point.step ?? 0 }))
  }
}

function pointOf(metric: MetricInput, now: number): MetricInput & { timestamp: number; step: number } {
  return { timestamp: now, step: 0, ...metric }
}
