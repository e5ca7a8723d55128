import { FdsError } from '../errors.ts'
import {
  aliasHistory,
  CHAMPION,
  isTrackingError,
  type MlflowClient,
  type ModelVersion,
  type Mover,
  promote,
} from '../tracking/index.ts'
import { collect } from './find-runs.ts'
import { jsonCell } from './run-columns.ts'

/** One registered model in a list. */
export interface ModelSummary {
  readonly name: string
  readonly versions: number
  readonly aliases: Readonly<Record<string, string>>
}

/** One version of a registered model. */
export interface VersionSummary {
  readonly version: string
  readonly aliases: readonly string[]
  readonly run_id: string | null
  /** Where its files came from: `runs:/…`, `models:/…` or a location. */
  readonly source: string
  readonly description: string
  readonly tags: Readonly<Record<string, string>>
  readonly created: string
}

/** One registered model with its versions, newest first. */
export interface ModelDetail extends Omit<ModelSummary, 'versions'> {
  readonly description: string
  readonly tags: Readonly<Record<string, string>>
  readonly versions: readonly VersionSummary[]
}

/** One version with the metrics of the run that made it. */
export interface VersionDetail extends VersionSummary {
  readonly name: string
  readonly metrics: Readonly<Record<string, number | string>>
}

/** Every registered model, by name. */
export async function listModels(client: MlflowClient): Promise<ModelSummary[]> {
  const models = await collect(Number.POSITIVE_INFINITY, (page) => client.searchRegisteredModels(page))
  const versions = await collect(Number.POSITIVE_INFINITY, (page) => client.searchModelVersions(page))
  const counts = new Map<string, number>()
  for (const { name } of versions) counts.set(name, (counts.get(name) ?? 0) + 1)
  return models.map(({ name, aliases }) => ({ name, versions: counts.get(name) ?? 0, aliases }))
}

/** One registered model; TRACKING_FAILED with 404 when there is none. */
export async function showModel(client: MlflowClient, name: string): Promise<ModelDetail> {
  const { aliases, description, tags } = await client.getRegisteredModel(name)
  const versions = await client.searchModelVersions({ filter: `name = ${quoted(name)}` })
  return {
    name,
    description: description ?? '',
    tags,
    aliases,
    versions: versions.items
      .toSorted((a, b) => Number(b.version) - Number(a.version))
      .map((entry) => summaryOf(entry, aliasesAt(aliases, entry.version))),
  }
}

/** One version, by number or as `@alias`. */
export async function showVersion(
  client: MlflowClient,
  key: { readonly name: string; readonly version: string },
): Promise<VersionDetail> {
  const { name, version } = key
  const entry = version.startsWith('@')
    ? await client.getModelVersionByAlias({ name, alias: version.slice(1) })
    : await client.getModelVersion({ name, version })
  const { aliases } = await client.getRegisteredModel(name)
  return {
    name,
    ...summaryOf(entry, aliasesAt(aliases, entry.version)),
    metrics: entry.runId === undefined ? {} : await metricsOf(client, entry.runId),
  }
}

/** Versions of every model by MLflow's search language, such as `tags.validation_status = 'passed'`. */
export async function searchVersions(
  client: MlflowClient,
  query: { readonly filter: string; readonly max: number },
): Promise<(VersionSummary & { readonly name: string })[]> {
  const { filter, max } = query
  const found = await collect(max, (page) => client.searchModelVersions({ filter, ...page }))
  return found.map((entry) => ({ name: entry.name, ...summaryOf(entry, entry.aliases) }))
}

/** Points an alias at a version; `champion` is a promotion, which keeps the old one as `previous_champion`. */
export async function setAlias(
  client: MlflowClient,
  target: { readonly name: string; readonly alias: string; readonly version: string } & Mover,
): Promise<void> {
  const { alias, ...move } = target
  if (alias === CHAMPION) await promote({ client, ...move })
  else await client.setRegisteredModelAlias(target)
}

/** One move of an alias, keys as the command line prints them. */
export interface AliasRecord {
  readonly time: string
  readonly name: string
  readonly alias: string | null
  readonly from: string | null
  readonly to: string | null
  readonly action: string
  readonly actor: string | null
  readonly reason: string | null
}

/** The last moves of a model's aliases, the latest first. */
export async function showHistory(
  client: MlflowClient,
  query: { readonly name: string; readonly max: number },
): Promise<AliasRecord[]> {
  const { name, max } = query
  const changes = await collect(max, (page) => aliasHistory({ client, name, ...page }))
  return changes.map((change) => ({
    time: new Date(change.timestamp).toISOString(),
    name: change.name,
    alias: change.alias ?? null,
    from: change.fromVersion ?? null,
    to: change.toVersion ?? null,
    action: change.action,
    actor: change.actor ?? null,
    reason: change.reason ?? null,
  }))
}

/** Deletes a version, or the model with all its versions. CHAMPION_PROTECTED for a champion unless `force`. */
export async function deleteModel(
  client: MlflowClient,
  target: { readonly name: string; readonly version?: string | undefined; readonly force: boolean } & Mover,
): Promise<void> {
  const { name, version, force, ...by } = target
  const champion = (await client.getRegisteredModel(name)).aliases[CHAMPION]
  const isChampion = champion !== undefined && (version === undefined || version === champion)
  if (isChampion && !force) throw new FdsError('CHAMPION_PROTECTED', { name, version: champion })
  if (version === undefined) await client.deleteRegisteredModel(name, by)
  else await client.deleteModelVersion({ name, version, ...by })
}

/** The version that an alias points at; nothing when there is no such model or alias. */
export async function versionOfAlias(
  client: MlflowClient,
  name: string,
  alias: string,
): Promise<string | undefined> {
  try {
    return (await client.getModelVersionByAlias({ name, alias })).version
  } catch (error) {
    // MLflow answers a missing alias with INVALID_PARAMETER_VALUE
    if (isTrackingError(error, 'RESOURCE_DOES_NOT_EXIST')) return undefined
    if (isTrackingError(error, 'INVALID_PARAMETER_VALUE')) return undefined
    throw error
  }
}

function summaryOf(entry: ModelVersion, aliases: readonly string[]): VersionSummary {
  return {
    version: entry.version,
    aliases,
    run_id: entry.runId ?? null,
    source: entry.source ?? '',
    description: entry.description ?? '',
    tags: entry.tags,
    created: new Date(entry.creationTimestamp).toISOString(),
  }
}

function aliasesAt(aliases: Readonly<Record<string, string>>, version: string): string[] {
  return Object.keys(aliases).filter((alias) => aliases[alias] === version)
}

/** Nothing where the run is gone, or was never known to this server. */
async function metricsOf(client: MlflowClient, runId: string): Promise<Record<string, number | string>> {
  try {
    const { metrics } = (await client.getRun(runId)).data
    return Object.fromEntries(Object.entries(metrics).map(([key, value]) => [key, jsonCell(value)]))
  } catch (error) {
    if (isTrackingError(error, 'RESOURCE_DOES_NOT_EXIST')) return {}
    throw error
  }
}

/** A name in the filter grammar, which knows both quotes; a quote is doubled where a name has both. */
function quoted(name: string): string {
  return name.includes("'") && !name.includes('"') ? `"${name}"` : `'${name.replaceAll("'", "''")}'`
}
