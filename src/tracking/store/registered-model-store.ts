import type { Selectable } from 'kysely'
import { sql } from 'kysely'
import type { CallRequest, CallResponse } from '../protocol/endpoints.ts'
import {
  checkAlias,
  checkAliasFree,
  checkCount,
  checkKey,
  checkLength,
  checkModelName,
  LIMITS,
} from '../protocol/limits.ts'
import type { ModelVersionMessage, PairMessage, RegisteredModelMessage } from '../protocol/messages.ts'
import { refuse } from '../protocol/refusal.ts'
import { searchRegisteredModels } from '../search/search-registry.ts'
import { aliasesOf, type Mover, moveAlias, moverOf, recordMove, recordRename } from './alias-moves.ts'
import { lockVersion, readVersions } from './model-version-store.ts'
import type { Db, StoreContext } from './store-context.ts'
import { append, chunksOf, IDS_AT_ONCE, idList, putPairs, readPairs, removePair } from './store-pairs.ts'
import type { Tables } from './tables.ts'
import type { Caller, TrackingStore } from './tracking-store.ts'

type RegisteredModelCalls = Pick<
  TrackingStore,
  | 'createRegisteredModel'
  | 'getRegisteredModel'
  | 'searchRegisteredModels'
  | 'renameRegisteredModel'
  | 'updateRegisteredModel'
  | 'deleteRegisteredModel'
  | 'getLatestVersions'
  | 'setRegisteredModelTag'
  | 'deleteRegisteredModelTag'
  | 'setRegisteredModelAlias'
  | 'deleteRegisteredModelAlias'
  | 'getModelVersionByAlias'
>
export type RegisteredModelRow = Selectable<Tables['registered_models']>

export function createRegisteredModelStore(context: StoreContext): RegisteredModelCalls {
  const { db, write, now } = context
  return {
    createRegisteredModel: (request) => createRegisteredModel(context, request),
    getRegisteredModel: async ({ name }) => ({ registeredModel: await readModel(db, name) }),
    searchRegisteredModels: (request) => searchRegisteredModels(db, request),
    renameRegisteredModel: async ({ name, newName, ...by }, caller) => {
      checkLength(checkModelName(newName, 'new_name'), LIMITS.modelName, 'new_name')
      return write(async (trx) => {
        const model = await lockRegisteredModel(trx, name)
        if (newName !== name) {
          await checkNameFree(trx, newName, `Registered Model (name=${newName}) already exists.`)
          await recordRename(
            trx,
            model,
            newName,
            moverOf(by, caller, { action: 'rename_model', time: now() }),
          )
        }
        return changeModel(trx, model.id, { name: newName, last_update_time: now() })
      })
    },
    updateRegisteredModel: ({ name, description = '' }) =>
      write(async (trx) => {
        const model = await lockRegisteredModel(trx, name)
        return changeModel(trx, model.id, { description, last_update_time: now() })
      }),
    deleteRegisteredModel: ({ name, ...by }, caller) =>
      write((trx) =>
        deleteRegisteredModel(trx, name, moverOf(by, caller, { action: 'delete_model', time: now() })),
      ),
    getLatestVersions: ({ name, stages }) => latestVersions(db, name, stages),
    setRegisteredModelTag: ({ name, key, value = '' }) =>
      write(async (trx) => {
        const tags = checkRegistryTags([{ key, value }])
        await putPairs(
          trx,
          { table: 'registered_model_tags', owner: (await lockRegisteredModel(trx, name)).id },
          tags,
        )
        return {}
      }),
    deleteRegisteredModelTag: ({ name, key }) =>
      write(async (trx) => {
        const owner = (await lockRegisteredModel(trx, name)).id
        await removePair(trx, { table: 'registered_model_tags', owner }, checkKey(key, 'key'))
        return {}
      }),
    setRegisteredModelAlias: (request, caller) => setAlias(context, request, caller),
    deleteRegisteredModelAlias: (request, caller) => deleteAlias(context, request, caller),
    getModelVersionByAlias: async (request) => ({ modelVersion: await versionByAlias(db, request) }),
  }
}

export async function findRegisteredModel(db: Db, name: string): Promise<RegisteredModelRow> {
  const query = db.selectFrom('registered_models').selectAll().where('name', '=', checkModelName(name))
  return (await query.executeTakeFirst()) ?? refuseUnknown(name)
}

/** The model of that name; nobody else changes it, its versions or its aliases until the transaction ends. */
export async function lockRegisteredModel(trx: Db, name: string): Promise<RegisteredModelRow> {
  const query = trx.selectFrom('registered_models').selectAll().where('name', '=', checkModelName(name))
  return (await query.forUpdate().executeTakeFirst()) ?? refuseUnknown(name)
}

function refuseUnknown(name: string): never {
  return refuse('RESOURCE_DOES_NOT_EXIST', `Registered Model with name=${name} not found`)
}

/** The rows as MLflow's registered models, with tags, aliases and the newest version. */
export async function readRegisteredModels(
  db: Db,
  rows: readonly RegisteredModelRow[],
): Promise<RegisteredModelMessage[]> {
  const ids = rows.map((row) => row.id)
  const tags = await readPairs(db, 'registered_model_tags', ids)
  const aliases = await readAliases(db, ids)
  const newest = await readNewestVersions(db, ids)
  return rows.map((row) => ({
    name: row.name,
    creationTimestamp: row.creation_time,
    lastUpdatedTimestamp: row.last_update_time,
    description: row.description ?? undefined,
    latestVersions: newest.get(row.id) ?? [],
    tags: tags.get(row.id) ?? [],
    aliases: aliases.get(row.id) ?? [],
  }))
}

/** Tags of the registry: long values are refused, not cut. */
export function checkRegistryTags(tags: readonly PairMessage[]): readonly PairMessage[] {
  checkCount(tags.length, 'tags')
  for (const { key, value = '' } of tags) {
    checkKey(key, 'key')
    checkLength(value, LIMITS.registryTagValue, 'value')
  }
  return tags
}

async function createRegisteredModel(
  { write, now }: StoreContext,
  { name, description, tags }: CallRequest<'createRegisteredModel'>,
): Promise<CallResponse<'createRegisteredModel'>> {
  checkLength(checkModelName(name), LIMITS.modelName, 'name')
  const checked = checkRegistryTags(tags)
  return write(async (trx) => {
    await checkNameFree(trx, name, `Registered Model (name=${name}) already exists.`)
    const time = now()
    const row = { name, description: description ?? null, creation_time: time, last_update_time: time }
    const inserted = trx.insertInto('registered_models').values(row).returning('id')
    const { id } = await inserted.executeTakeFirstOrThrow()
    await putPairs(trx, { table: 'registered_model_tags', owner: id }, checked)
    return { registeredModel: await readModel(trx, name) }
  })
}

async function checkNameFree(db: Db, name: string, message: string): Promise<void> {
  const row = await db
    .selectFrom('registered_models')
    .select('id')
    .where('name', '=', name)
    .executeTakeFirst()
  if (row) refuse('RESOURCE_ALREADY_EXISTS', message)
}

async function readModel(db: Db, name: string): Promise<RegisteredModelMessage> {
  const [model] = await readRegisteredModels(db, [await findRegisteredModel(db, name)])
  return model!
}

async function changeModel(
  db: Db,
  id: number,
  changes: Partial<Omit<RegisteredModelRow, 'id'>>,
): Promise<{ registeredModel: RegisteredModelMessage }> {
  const query = db.updateTable('registered_models').set(changes).where('id', '=', id).returningAll()
  const [model] = await readRegisteredModels(db, [await query.executeTakeFirstOrThrow()])
  return { registeredModel: model! }
}

async function deleteRegisteredModel(db: Db, name: string, by: Mover): Promise<Record<string, never>> {
  const model = await lockRegisteredModel(db, name)
  const { id } = model
  for (const { alias, ...from } of await aliasesOf(db, id).execute())
    await recordMove(db, model, { alias, from }, by)
  await recordMove(db, model, {}, by)
  const versions = db.selectFrom('model_versions').select('id').where('model', '=', id)
  await db.deleteFrom('aliases').where('model', '=', id).execute()
  await db.deleteFrom('model_version_tags').where('owner', 'in', versions).execute()
  await db.deleteFrom('model_versions').where('model', '=', id).execute()
  await db.deleteFrom('registered_model_tags').where('owner', '=', id).execute()
  await db.deleteFrom('registered_models').where('id', '=', id).execute()
  return {}
}

/** Stages are deprecated and every version is in stage "None": other stages have no versions. */
async function latestVersions(
  db: Db,
  name: string,
  stages: readonly string[],
): Promise<CallResponse<'getLatestVersions'>> {
  const { id } = await findRegisteredModel(db, name)
  const known = ['none', 'staging', 'production', 'archived']
  const odd = stages.find((stage) => !known.includes(stage.toLowerCase()))
  if (odd !== undefined) {
    const valid = 'Value must be one of None, Staging, Production, Archived.'
    refuse('INVALID_PARAMETER_VALUE', `Invalid Model Version stage: ${odd}. ${valid}`)
  }
  const asked = stages.length === 0 || stages.some((stage) => stage.toLowerCase() === 'none')
  return { modelVersions: asked ? ((await readNewestVersions(db, [id])).get(id) ?? []) : [] }
}

async function readNewestVersions(
  db: Db,
  models: readonly number[],
): Promise<Map<number, ModelVersionMessage[]>> {
  const found = new Map<number, ModelVersionMessage[]>()
  for (const chunk of chunksOf(models, IDS_AT_ONCE)) {
    const newest = db
      .selectFrom('model_versions')
      .select(({ fn }) => ['model', fn.max('version').as('version')])
      .where('model', 'in', idList(chunk))
      .where('lifecycle_stage', '=', 'active')
      .groupBy('model')
    const query = db
      .selectFrom('model_versions')
      .selectAll('model_versions')
      .where(sql<boolean>`(model, version) in (${newest})`)
    const rows = await query.execute()
    const messages = await readVersions(db, rows)
    rows.forEach((row, index) => {
      append(found, row.model, messages[index]!)
    })
  }
  return found
}

async function readAliases(
  db: Db,
  models: readonly number[],
): Promise<Map<number, { alias: string; version: string }[]>> {
  const found = new Map<number, { alias: string; version: string }[]>()
  for (const chunk of chunksOf(models, IDS_AT_ONCE)) {
    const query = db
      .selectFrom('aliases')
      .innerJoin('model_versions', 'model_versions.id', 'aliases.version')
      .select(['aliases.model', 'aliases.alias', 'model_versions.version'])
      .where('aliases.model', 'in', idList(chunk))
      .orderBy('aliases.alias')
    for (const { model, alias, version } of await query.execute()) {
      append(found, model, { alias, version: String(version) })
    }
  }
  return found
}

async function setAlias(
  { write, now }: StoreContext,
  { name, alias, version, ...by }: CallRequest<'setRegisteredModelAlias'>,
  caller: Caller | undefined,
): Promise<Record<string, never>> {
  checkAlias(alias)
  checkAliasFree(alias)
  return write(async (trx) => {
    const to = await lockVersion(trx, { name, version })
    const mover = moverOf(by, caller, { action: 'set_alias', time: now() })
    await moveAlias(trx, { id: to.model, name }, { alias, to }, mover)
    return {}
  })
}

async function deleteAlias(
  { write, now }: StoreContext,
  { name, alias, ...by }: CallRequest<'deleteRegisteredModelAlias'>,
  caller: Caller | undefined,
): Promise<Record<string, never>> {
  checkAlias(alias)
  return write(async (trx) => {
    const model = await lockRegisteredModel(trx, name)
    const mover = moverOf(by, caller, { action: 'delete_alias', time: now() })
    await moveAlias(trx, model, { alias, to: undefined }, mover)
    return {}
  })
}

async function versionByAlias(
  db: Db,
  { name, alias }: CallRequest<'getModelVersionByAlias'>,
): Promise<ModelVersionMessage> {
  checkAlias(alias)
  const { id } = await findRegisteredModel(db, name)
  if (alias.toLowerCase() === 'latest') {
    const newest = (await readNewestVersions(db, [id])).get(id)
    return newest?.[0] ?? refuse('RESOURCE_DOES_NOT_EXIST', `Latest version not found for model ${name}.`)
  }
  const row = await db
    .selectFrom('aliases')
    .innerJoin('model_versions', 'model_versions.id', 'aliases.version')
    .selectAll('model_versions')
    .where('aliases.model', '=', id)
    .where('aliases.alias', '=', alias)
    .executeTakeFirst()
  if (!row) return refuse('INVALID_PARAMETER_VALUE', `Registered model alias ${alias} not found.`)
  const [version] = await readVersions(db, [row])
  return version!
}
