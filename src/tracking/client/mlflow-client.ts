import { FdsError } from '../../errors.ts'
import { parseModelUri } from '../protocol/model-uri.ts'
import {
  type AliasChange,
  type AliasMove,
  type ModelVersion,
  modelVersionOf,
  type Page,
  pairsOf,
  type RegisteredModel,
  registeredModelOf,
  type StudySync,
  type Texts,
} from './entities.ts'
import { LoggedModelClient } from './logged-model-client.ts'
import { isTrackingError, pageOf, type SearchQuery } from './tracking-client.ts'

/** Names a version of a registered model; the version is a text, as in MLflow. */
export interface VersionKey {
  readonly name: string
  readonly version: string
}

/** Who moves an alias and why, for the audit log of our server; MLflow's own ignores it. */
export interface Mover {
  readonly actor?: string | undefined
  readonly reason?: string | undefined
}

/** The version that must be champion now, the empty text for none; absent: whatever there is. */
interface ExpectedChampion {
  readonly expectedChampion?: string | undefined
}

/**
 * MLflow's client with MLflow's method names in camelCase, for any server that speaks REST API 2.0.
 * A method takes one id, or an id and a value, or one object with names. It rejects with TRACKING_FAILED
 * (`details.errorCode` is MLflow's code) or TRACKING_UNREACHABLE; it repeats a failed call only where that is
 * harmless. Timestamps are milliseconds since 1970. This class adds the registry to experiments, runs and artifacts.
 */
export class MlflowClient extends LoggedModelClient {
  /** The same client, whose calls reject with the signal's reason once it is aborted. */
  withSignal(signal: AbortSignal): MlflowClient {
    const client = new MlflowClient(this.options)
    client.connection = this.connection.withSignal(signal)
    client.registry = this.registry.withSignal(signal)
    return client
  }

  // registered models

  async createRegisteredModel(
    name: string,
    options: { tags?: Texts; description?: string } = {},
  ): Promise<RegisteredModel> {
    const request = { name, description: options.description, tags: pairsOf(options.tags ?? {}) }
    return registeredModelOf((await this.registry.call('createRegisteredModel', request)).registeredModel)
  }

  async getRegisteredModel(name: string): Promise<RegisteredModel> {
    return registeredModelOf((await this.registry.call('getRegisteredModel', { name })).registeredModel)
  }

  async searchRegisteredModels(query: SearchQuery = {}): Promise<Page<RegisteredModel>> {
    const request = { orderBy: [], ...query }
    const { registeredModels, nextPageToken } = await this.registry.call('searchRegisteredModels', request)
    return pageOf(registeredModels.map(registeredModelOf), nextPageToken)
  }

  async renameRegisteredModel(request: { name: string; newName: string }): Promise<RegisteredModel> {
    return registeredModelOf((await this.registry.call('renameRegisteredModel', request)).registeredModel)
  }

  async updateRegisteredModel(request: { name: string; description: string }): Promise<RegisteredModel> {
    return registeredModelOf((await this.registry.call('updateRegisteredModel', request)).registeredModel)
  }

  /** Removes the model with all its versions, tags and aliases. */
  async deleteRegisteredModel(name: string, by: Mover = {}): Promise<void> {
    await this.registry.call('deleteRegisteredModel', { name, ...by })
  }

  /** The newest version, in a list as MLflow answers it: of each stage, on a server that still has stages. */
  async getLatestVersions(name: string, stages: readonly string[] = []): Promise<readonly ModelVersion[]> {
    const { modelVersions } = await this.registry.call('getLatestVersions', { name, stages })
    return modelVersions.map(modelVersionOf)
  }

  async setRegisteredModelTag(request: { name: string; key: string; value: string }): Promise<void> {
    await this.registry.call('setRegisteredModelTag', request)
  }

  async deleteRegisteredModelTag(request: { name: string; key: string }): Promise<void> {
    await this.registry.call('deleteRegisteredModelTag', request)
  }

  /** Points the alias to the version, wherever it pointed before. */
  async setRegisteredModelAlias(request: VersionKey & { alias: string } & Mover): Promise<void> {
    await this.registry.call('setRegisteredModelAlias', request)
  }

  async deleteRegisteredModelAlias(request: { name: string; alias: string } & Mover): Promise<void> {
    await this.registry.call('deleteRegisteredModelAlias', request)
  }

  async getModelVersionByAlias(request: { name: string; alias: string }): Promise<ModelVersion> {
    return modelVersionOf((await this.registry.call('getModelVersionByAlias', request)).modelVersion)
  }

  // model versions

  /** `source` is where the files lie: `mlflow-artifacts:/…`, `runs:/id/path` or `models:/m-…`. */
  async createModelVersion(input: {
    name: string
    source: string
    runId?: string | undefined
    description?: string | undefined
    tags?: Texts
    modelId?: string | undefined
  }): Promise<ModelVersion> {
    const request = { ...input, tags: pairsOf(input.tags ?? {}) }
    return modelVersionOf((await this.registry.call('createModelVersion', request)).modelVersion)
  }

  async getModelVersion(key: VersionKey): Promise<ModelVersion> {
    return modelVersionOf((await this.registry.call('getModelVersion', key)).modelVersion)
  }

  async searchModelVersions(query: SearchQuery = {}): Promise<Page<ModelVersion>> {
    const request = { orderBy: [], ...query }
    const { modelVersions, nextPageToken } = await this.registry.call('searchModelVersions', request)
    return pageOf(modelVersions.map(modelVersionOf), nextPageToken)
  }

  async updateModelVersion(request: VersionKey & { description: string }): Promise<ModelVersion> {
    return modelVersionOf((await this.registry.call('updateModelVersion', request)).modelVersion)
  }

  /** Its number is never given again; aliases that point to it go with it. */
  async deleteModelVersion(key: VersionKey & Mover): Promise<void> {
    await this.registry.call('deleteModelVersion', key)
  }

  /** Where the version's files lie, with `runs:` and `models:` resolved. */
  async getModelVersionDownloadUri(key: VersionKey): Promise<string> {
    return (await this.registry.call('getModelVersionDownloadUri', key)).artifactUri
  }

  /** MLflow's deprecated stages, for servers that have them; ours refuses with a message that names aliases. */
  async transitionModelVersionStage(
    request: VersionKey & { stage: string; archiveExistingVersions?: boolean },
  ): Promise<ModelVersion> {
    const asked = { archiveExistingVersions: false, ...request }
    return modelVersionOf((await this.registry.call('transitionModelVersionStage', asked)).modelVersion)
  }

  /**
   * Makes a version of the model `dstName`, which is made if there is none, whose source is the version at
   * `models:/name/version` or `models:/name@alias`. MODEL_NOT_FOUND for another address.
   */
  async copyModelVersion(request: { srcModelUri: string; dstName: string }): Promise<ModelVersion> {
    const { srcModelUri: uri, dstName } = request
    const address = parseModelUri(uri)
    if (address.kind !== 'alias' && address.kind !== 'version') {
      throw new FdsError('MODEL_NOT_FOUND', {
        uri,
        reason: 'only a version of a registered model can be copied',
      })
    }
    const found =
      address.kind === 'alias' ? this.getModelVersionByAlias(address) : this.getModelVersion(address)
    const { name, version, runId, description, tags } = await found
    await this.createRegisteredModel(dstName).catch(ignore('RESOURCE_ALREADY_EXISTS'))
    const source = `models:/${name}/${version}`
    return this.createModelVersion({ name: dstName, source, runId, description, tags })
  }

  async setModelVersionTag(request: VersionKey & { key: string; value: string }): Promise<void> {
    await this.registry.call('setModelVersionTag', request)
  }

  async deleteModelVersionTag(request: VersionKey & { key: string }): Promise<void> {
    await this.registry.call('deleteModelVersionTag', request)
  }

  // beside MLflow's protocol: answered by our server alone, see `promote`, `rollback` and `aliasHistory`

  /** Champion, previous champion and challenger in one step; RESOURCE_CONFLICT if the champion is not as expected. */
  async promoteModelVersion(request: VersionKey & ExpectedChampion & Mover): Promise<AliasMove> {
    return this.registry.call('promoteModelVersion', request)
  }

  async rollbackChampion(request: { name: string } & ExpectedChampion & Mover): Promise<AliasMove> {
    return this.registry.call('rollbackChampion', request)
  }

  async getAliasHistory(request: {
    name: string
    maxResults?: number
    pageToken?: string
  }): Promise<Page<AliasChange>> {
    const { changes, nextPageToken } = await this.registry.call('getAliasHistory', request)
    return pageOf(changes, nextPageToken)
  }

  /** Appends to the log that the workers of a study share and reads on; see `studyStorage`. */
  async syncStudy(request: {
    studyName: string
    worker?: number
    after?: number
    operations: readonly string[]
  }): Promise<StudySync> {
    return this.registry.call('syncStudy', request)
  }
}

function ignore(errorCode: string): (error: unknown) => void {
  return (error) => {
    if (!isTrackingError(error, errorCode)) throw error
  }
}
