import type { Selectable } from 'kysely'
import type { CallRequest, CallResponse } from '../protocol/endpoints.ts'
import { checkKey, checkLength, LIMITS, parseVersion } from '../protocol/limits.ts'
import type { ModelVersionMessage } from '../protocol/messages.ts'
import { refuse } from '../protocol/refusal.ts'
import { searchModelVersions } from '../search/search-registry.ts'
import { type Mover, moveAlias, moverOf } from './alias-moves.ts'
import { resolveSource } from './model-source.ts'
import { checkRegistryTags, lockRegisteredModel } from './registered-model-store.ts'
import type { Db, StoreContext } from './store-context.ts'
import { append, chunksOf, IDS_AT_ONCE, idList, putPairs, readPairs, removePair } from './store-pairs.ts'
import type { Tables } from './tables.ts'
import type { TrackingStore } from './tracking-store.ts'

type ModelVersionCalls = Pick<
  TrackingStore,
  | 'createModelVersion'
  | 'getModelVersion'
  | 'searchModelVersions'
  | 'updateModelVersion'
  | 'deleteModelVersion'
  | 'getModelVersionDownloadUri'
  | 'setModelVersionTag'
  | 'deleteModelVersionTag'
>
export type ModelVersionRow = Selectable<Tables['model_versions']>
interface VersionKey {
  readonly name: string
  readonly version: string
}

export function createModelVersionStore(context: StoreContext): ModelVersionCalls {
  const { db, write, now } = context
  const find = ({ name, version }: VersionKey) => findVersion(db, { name, version: parseVersion(version) })
  return {
    createModelVersion: (request) => createModelVersion(context, request),
    getModelVersion: async (key) => ({ modelVersion: await readVersion(db, await find(key)) }),
    searchModelVersions: (request) => searchModelVersions(db, request),
    updateModelVersion: ({ description, ...key }) =>
      write(async (trx) => {
        const { id } = await lockVersion(trx, key)
        return changeVersion(trx, id, { description: description ?? null, last_update_time: now() })
      }),
    deleteModelVersion: ({ name, version, ...by }, caller) =>
      write(async (trx) => {
        const row = await lockVersion(trx, { name, version })
        const mover = moverOf(by, caller, { action: 'delete_version', time: now() })
        await dropAliases(trx, { name, version: row }, mover)
        await deleteVersion(trx, row.id, mover.time)
        await trx
          .updateTable('registered_models')
          .set({ last_update_time: mover.time })
          .where('id', '=', row.model)
          .execute()
        return {}
      }),
    getModelVersionDownloadUri: async (key) => ({ artifactUri: (await find(key)).storage_location }),
    setModelVersionTag: ({ key, value = '', ...version }) =>
      write(async (trx) => {
        const tags = checkRegistryTags([{ key, value }])
        await putPairs(
          trx,
          { table: 'model_version_tags', owner: (await lockVersion(trx, version)).id },
          tags,
        )
        return {}
      }),
    deleteModelVersionTag: ({ key, ...version }) =>
      write(async (trx) => {
        const owner = (await lockVersion(trx, version)).id
        await removePair(trx, { table: 'model_version_tags', owner }, checkKey(key, 'key'))
        return {}
      }),
  }
}

/** The version's row, unless it was deleted. */
export async function findVersion(db: Db, key: { name: string; version: number }): Promise<ModelVersionRow> {
  const model = await db
    .selectFrom('registered_models')
    .select('id')
    .where('name', '=', key.name)
    .executeTakeFirst()
  const row =
    model &&
    (await db
      .selectFrom('model_versions')
      .selectAll()
      .where('model', '=', model.id)
      .where('version', '=', key.version)
      .where('lifecycle_stage', '=', 'active')
      .executeTakeFirst())
  const missing = `Model Version (name=${key.name}, version=${key.version}) not found`
  return row ?? refuse('RESOURCE_DOES_NOT_EXIST', missing)
}

/** The version's row; nobody else changes the model or its versions until the transaction ends. */
export async function lockVersion(trx: Db, { name, version }: VersionKey): Promise<ModelVersionRow> {
  const key = { name, version: parseVersion(version) }
  await trx.selectFrom('registered_models').select('id').where('name', '=', name).forUpdate().execute()
  return findVersion(trx, key)
}

/** The rows as MLflow's model versions, with tags and aliases, in the same order. */
export async function readVersions(db: Db, rows: readonly ModelVersionRow[]): Promise<ModelVersionMessage[]> {
  const ids = rows.map((row) => row.id)
  const tags = await readPairs(db, 'model_version_tags', ids)
  const aliases = await readAliases(db, ids)
  const names = await readModelNames(db, [...new Set(rows.map((row) => row.model))])
  return rows.map((row) => ({
    name: names.get(row.model) ?? '',
    version: String(row.version),
    creationTimestamp: row.creation_time,
    lastUpdatedTimestamp: row.last_update_time,
    userId: row.user_id ?? undefined,
    currentStage: 'None',
    description: row.description ?? undefined,
    source: row.source,
    runId: row.run_id ?? undefined,
    status: 'READY',
    tags: tags.get(row.id) ?? [],
    runLink: row.run_link ?? undefined,
    aliases: aliases.get(row.id) ?? [],
    modelId: row.model_id ?? undefined,
  }))
}

async function createModelVersion(
  { write, now, locations }: StoreContext,
  request: CallRequest<'createModelVersion'>,
): Promise<CallResponse<'createModelVersion'>> {
  const tags = checkRegistryTags(request.tags)
  checkLength(request.runId ?? '', LIMITS.id, 'run_id')
  return write(async (trx) => {
    const model = await lockRegisteredModel(trx, request.name)
    const origin = await resolveSource(trx, request, locations)
    const { newest } = await trx
      .selectFrom('model_versions')
      .select(({ fn }) => fn.max('version').as('newest'))
      .where('model', '=', model.id)
      .executeTakeFirstOrThrow()
    const time = now()
    const row = await trx
      .insertInto('model_versions')
      .values({
        model: model.id,
        // deleted versions count too, so a number is never given twice
        version: (newest ?? 0) + 1,
        creation_time: time,
        last_update_time: time,
        // MLflow's versions always have these texts
        description: request.description ?? '',
        source: request.source,
        run_link: request.runLink ?? '',
        lifecycle_stage: 'active',
        ...origin,
      })
      .returningAll()
      .executeTakeFirstOrThrow()
    await putPairs(trx, { table: 'model_version_tags', owner: row.id }, tags)
    await trx
      .updateTable('registered_models')
      .set({ last_update_time: time })
      .where('id', '=', model.id)
      .execute()
    return { modelVersion: await readVersion(trx, row) }
  })
}

async function changeVersion(
  db: Db,
  id: number,
  changes: Partial<Omit<ModelVersionRow, 'id'>>,
): Promise<{ modelVersion: ModelVersionMessage }> {
  const query = db.updateTable('model_versions').set(changes).where('id', '=', id).returningAll()
  return { modelVersion: await readVersion(db, await query.executeTakeFirstOrThrow()) }
}

/** Aliases go with the version. */
async function dropAliases(
  db: Db,
  { name, version }: { name: string; version: ModelVersionRow },
  by: Mover,
): Promise<void> {
  const model = { id: version.model, name }
  const aliases = (await readAliases(db, [version.id])).get(version.id) ?? []
  for (const alias of aliases) await moveAlias(db, model, { alias, to: undefined }, by)
}

/** Keeps the number and forgets the rest. */
async function deleteVersion(db: Db, id: number, time: number): Promise<void> {
  await db.deleteFrom('model_version_tags').where('owner', '=', id).execute()
  const redacted = {
    source: '',
    storage_location: '',
    run_id: null,
    run_link: null,
    model_id: null,
    description: null,
  }
  const changes = { ...redacted, lifecycle_stage: 'deleted' as const, last_update_time: time }
  await db.updateTable('model_versions').set(changes).where('id', '=', id).execute()
}

async function readVersion(db: Db, row: ModelVersionRow): Promise<ModelVersionMessage> {
  const [version] = await readVersions(db, [row])
  return version!
}

async function readAliases(db: Db, versions: readonly number[]): Promise<Map<number, string[]>> {
  const found = new Map<number, string[]>()
  for (const chunk of chunksOf(versions, IDS_AT_ONCE)) {
    const query = db
      .selectFrom('aliases')
      .select(['version', 'alias'])
      .where('version', 'in', idList(chunk))
      .orderBy('alias')
    for (const { version, alias } of await query.execute()) append(found, version, alias)
  }
  return found
}

async function readModelNames(db: Db, models: readonly number[]): Promise<Map<number, string>> {
  const found = new Map<number, string>()
  for (const chunk of chunksOf(models, IDS_AT_ONCE)) {
    const rows = await db
      .selectFrom('registered_models')
      .select(['id', 'name'])
      .where('id', 'in', idList(chunk))
      .execute()
    for (const { id, name } of rows) found.set(id, name)
  }
  return found
}
