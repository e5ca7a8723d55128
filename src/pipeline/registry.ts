import { isTrackingError, type MlflowClient, promote, type RegisteredModel } from '../tracking/index.ts'

/** One registered model in a list. */
export interface ModelSummary {
  readonly name: string
  readonly versions: number
  readonly aliases: Readonly<Record<string, string>>
}

/** One registered model with its versions, newest first. */
export interface ModelDetail extends Omit<ModelSummary, 'versions'> {
  readonly description: string
  readonly versions: readonly {
    readonly version: string
    readonly aliases: readonly string[]
    readonly run_id: string | null
    readonly description: string
    readonly tags: Readonly<Record<string, string>>
    readonly created: string
  }[]
}

/** Every registered model, by name. */
export async function listModels(client: MlflowClient): Promise<ModelSummary[]> {
  const models: RegisteredModel[] = []
  let pageToken: string | undefined
  do {
    const page = await client.searchRegisteredModels(pageToken === undefined ? {} : { pageToken })
    models.push(...page.items)
    pageToken = page.nextPageToken
  } while (pageToken !== undefined)
  const details = await Promise.all(models.map((model) => showModel(client, model.name)))
  return details.map(({ name, versions, aliases }) => ({ name, versions: versions.length, aliases }))
}

/** One registered model; TRACKING_FAILED with 404 when there is none. */
export async function showModel(client: MlflowClient, name: string): Promise<ModelDetail> {
  const { aliases, description } = await client.getRegisteredModel(name)
  const versions = await client.searchModelVersions({ filter: `name = ${quoted(name)}` })
  return {
    name,
    description: description ?? '',
    aliases,
    versions: versions.items
      .toSorted((a, b) => Number(b.version) - Number(a.version))
      .map((entry) => ({
        version: entry.version,
        aliases: Object.keys(aliases).filter((alias) => aliases[alias] === entry.version),
        run_id: entry.runId ?? null,
        description: entry.description ?? '',
        tags: entry.tags,
        created: new Date(entry.creationTimestamp).toISOString(),
      })),
  }
}

/** Points an alias at a version; `champion` is a promotion, which keeps the old one as `previous_champion`. */
export async function setAlias(
  client: MlflowClient,
  target: { name: string; alias: string; version: string },
): Promise<void> {
  const { name, alias, version } = target
  if (alias === 'champion') await promote({ client, name, version })
  else await client.setRegisteredModelAlias({ name, alias, version })
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

/** A name in the filter grammar, which knows both quotes; a quote is doubled where a name has both. */
function quoted(name: string): string {
  return name.includes("'") && !name.includes('"') ? `"${name}"` : `'${name.replaceAll("'", "''")}'`
}
