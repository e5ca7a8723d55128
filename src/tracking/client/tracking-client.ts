import { FdsError } from '../../errors.ts'
import type { ViewType } from '../protocol/messages.ts'
import { type Experiment, experimentOf, type Page, pairsOf, type Texts } from './entities.ts'
import { type ConnectionOptions, TrackingConnection } from './tracking-connection.ts'

/** What a search takes. `filter` is MLflow's search language; `orderBy` holds e.g. `metrics.auc DESC`. */
export interface SearchQuery {
  readonly filter?: string | undefined
  readonly orderBy?: readonly string[]
  readonly maxResults?: number
  readonly pageToken?: string | undefined
}

export interface ClientOptions extends ConnectionOptions {
  /** Another server for registered models and their versions (MLFLOW_REGISTRY_URI). Default: `uri`. */
  readonly registryUri?: string
}

/** The part of `MlflowClient` that holds the connection and speaks of experiments. */
export class TrackingClient {
  readonly now: () => number
  protected readonly options: ClientOptions
  protected connection: TrackingConnection
  protected registry: TrackingConnection

  constructor(options: ClientOptions) {
    const { registryUri } = options
    this.options = options
    this.now = options.now
    this.connection = new TrackingConnection(options)
    this.registry =
      registryUri === undefined ? this.connection : new TrackingConnection({ ...options, uri: registryUri })
  }

  /** The server's address, without a password. */
  get uri(): string {
    return this.connection.uri
  }

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

  /** Its runs are deleted with it; its name stays taken. */
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
}

export function pageOf<T>(items: readonly T[], nextPageToken: string | undefined): Page<T> {
  return nextPageToken ? { items, nextPageToken } : { items }
}

/**
 * Every item of a search, asked for page by page as they are consumed.
 *
 * @example
 * const pages = [{ items: [1, 2], nextPageToken: 'a' }, { items: [3] }]
 * const found = []
 * for await (const item of eachItem(async (pageToken) => pages[pageToken === 'a' ? 1 : 0])) found.push(item)
 * found // [1, 2, 3]
 */
export async function* eachItem<T>(
  search: (pageToken: string | undefined) => Promise<Page<T>>,
): AsyncGenerator<T> {
  let pageToken: string | undefined
  do {
    const page = await search(pageToken)
    yield* page.items
    pageToken = page.nextPageToken
  } while (pageToken !== undefined)
}

/** True for a TRACKING_FAILED, with that code of MLflow if one is given. */
export function isTrackingError(error: unknown, errorCode?: string): error is FdsError<'TRACKING_FAILED'> {
  if (!(error instanceof FdsError) || error.code !== 'TRACKING_FAILED') return false
  return errorCode === undefined || (error as FdsError<'TRACKING_FAILED'>).details.errorCode === errorCode
}

/** Whether the server has no such call, as MLflow's own has none of ours: it answers with a page of HTML. */
export function isUnknownCall(error: unknown): boolean {
  return isTrackingError(error, 'ENDPOINT_NOT_FOUND') || isTrackingError(error, 'HTTP_404')
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
