import type { Table } from '../data/index.ts'
import { FdsError } from '../errors.ts'
import type { ColumnRoles } from '../features/index.ts'
import { columnsOf } from '../serving/models/model-columns.ts'
import { CHAMPION, type MlflowClient } from '../tracking/index.ts'
import { type LoadedModel, loadModel } from './load-model.ts'
import { versionOfAlias } from './registry.ts'

/** The model that decides, and how it was trained. */
export interface Champion {
  readonly model: LoadedModel
  readonly version: string
  /** XGBoost's parameters; none of a model that another program logged without them. */
  readonly params: Readonly<Record<string, string>>
}

/** The champion of a registered model, as it is now; NO_CHAMPION where there is none. */
export async function loadChampion(client: MlflowClient, name: string): Promise<Champion> {
  const version = await versionOfAlias(client, name, CHAMPION)
  if (version === undefined) throw new FdsError('NO_CHAMPION', { name })
  const model = await loadModel(`models:/${name}/${version}`, async () => client)
  const { modelId } = await client.getModelVersion({ name, version })
  return { model, version, params: modelId ? (await client.getLoggedModel(modelId)).params : {} }
}

type Roles = ColumnRoles & { readonly label: string }

/** The parts that columns play in a retraining: those that were given, else the champion's. */
export function retrainRoles({ model: { spec } }: Champion, given: Roles): Roles {
  const ofChampion = (spec?.inputs ?? []).flatMap(({ role, name }) => {
    return role === undefined || role === 'label' || role === 'ignore' ? [] : [[role, name]]
  })
  return { ...Object.fromEntries(ofChampion), ...given }
}

/**
 * The columns that the champion knows, with those that were given a role. Others are left out, since a column of
 * today, such as a score, may know the answer; so are those that the champion was told to ignore.
 */
export function knownColumns(
  { model }: Champion,
  table: Table,
  roles: Roles,
): { readonly table: Table; readonly ignored: readonly string[] } {
  const inputs = model.spec?.inputs.filter(({ role }) => role !== 'ignore').map(({ name }) => name)
  const known = new Set([...(inputs ?? columnsOf(model) ?? []), ...Object.values(roles).flat()])
  const columns = table.columns.filter(({ name }) => known.has(name))
  const ignored = table.columns.map(({ name }) => name).filter((name) => !known.has(name))
  return { table: { ...table, columns }, ignored }
}
