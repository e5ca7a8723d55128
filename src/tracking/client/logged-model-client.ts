import type { LoggedModelStatus } from '../protocol/messages.ts'
import { type ArtifactSource, type ArtifactSources, upload, uploadAll } from './artifact-client.ts'
import { type ArtifactRepository, openArtifacts } from './artifact-repository.ts'
import { type FileInfo, type LoggedModel, loggedModelOf, type Page, pairsOf, type Texts } from './entities.ts'
import { fileInfoOf } from './proxied-artifacts.ts'
import { TableClient } from './table-client.ts'
import { pageOf, type SearchQuery } from './tracking-client.ts'

/** One key to sort logged models by, such as `metrics.auc`; with a data set, the metric as measured on it. */
export interface LoggedModelOrder {
  readonly fieldName: string
  /** Default true. */
  readonly ascending?: boolean
  readonly datasetName?: string
  readonly datasetDigest?: string
}

/** The part of `MlflowClient` that speaks of the logged models of MLflow 3. */
export class LoggedModelClient extends TableClient {
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

  async getLoggedModel(modelId: string, options: { allowDeleted?: boolean } = {}): Promise<LoggedModel> {
    return loggedModelOf((await this.connection.call('getLoggedModel', { modelId, ...options })).model)
  }

  async finalizeLoggedModel(request: { modelId: string; status: LoggedModelStatus }): Promise<LoggedModel> {
    return loggedModelOf((await this.connection.call('finalizeLoggedModel', request)).model)
  }

  /** With `datasets`, filters by metrics mean those measured on one of them; MLflow's own server wants name and digest. */
  async searchLoggedModels(
    query: Omit<SearchQuery, 'orderBy'> & {
      experimentIds: readonly string[]
      datasets?: readonly { datasetName: string; datasetDigest?: string }[]
      orderBy?: readonly LoggedModelOrder[]
    },
  ): Promise<Page<LoggedModel>> {
    const request = { orderBy: [], datasets: [], ...query }
    const { models, nextPageToken } = await this.connection.call('searchLoggedModels', request)
    return pageOf(models.map(loggedModelOf), nextPageToken)
  }

  async setLoggedModelTags(modelId: string, tags: Texts): Promise<void> {
    await this.connection.call('setLoggedModelTags', { modelId, tags: pairsOf(tags) })
  }

  async deleteLoggedModelTag(request: { modelId: string; key: string }): Promise<void> {
    await this.connection.call('deleteLoggedModelTag', { modelId: request.modelId, tagKey: request.key })
  }

  async logModelParams(modelId: string, params: Texts): Promise<void> {
    await this.connection.call('logLoggedModelParams', { modelId, params: pairsOf(params) })
  }

  async deleteLoggedModel(modelId: string): Promise<void> {
    await this.connection.call('deleteLoggedModel', { modelId })
  }

  /** Writes one file, or a folder, below the model's artifact folder. */
  async logModelArtifact(modelId: string, source: ArtifactSource): Promise<void> {
    await upload(await this.#ofModel(modelId), source)
  }

  async logModelArtifacts(modelId: string, sources: ArtifactSources): Promise<void> {
    await uploadAll(await this.#ofModel(modelId), sources)
  }

  /** What lies directly below `path`, or below the model's artifact folder. */
  async listLoggedModelArtifacts(modelId: string, path?: string): Promise<FileInfo[]> {
    const request = { modelId, artifactDirectoryPath: path }
    return (await this.connection.call('listLoggedModelArtifacts', request)).files.map(fileInfoOf)
  }

  async #ofModel(modelId: string): Promise<ArtifactRepository> {
    return openArtifacts(this.connection, (await this.getLoggedModel(modelId)).artifactUri ?? '')
  }
}
