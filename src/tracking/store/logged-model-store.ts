import type { Selectable } from 'kysely'
import type { CallRequest, CallResponse } from '../protocol/endpoints.ts'
import { checkCount, checkLength, checkLoggedModelName, LIMITS } from '../protocol/limits.ts'
import type { LoggedModelMessage, LoggedModelStatus, PairMessage } from '../protocol/messages.ts'
import { refuse } from '../protocol/refusal.ts'
import { searchLoggedModels } from '../search/search-logged-models.ts'
import { activeExperiment } from './experiment-store.ts'
import { readModelMetrics, refuseModel } from './logged-model-metrics.ts'
import { artifactLocation } from './run-store.ts'
import type { Db, StoreContext } from './store-context.ts'
import { type PairOwner, putPairs, readPairs, removePair } from './store-pairs.ts'
import type { Tables } from './tables.ts'
import type { TrackingStore } from './tracking-store.ts'

type LoggedModelCalls = Pick<
  TrackingStore,
  | 'createLoggedModel'
  | 'getLoggedModel'
  | 'finalizeLoggedModel'
  | 'deleteLoggedModel'
  | 'searchLoggedModels'
  | 'setLoggedModelTags'
  | 'deleteLoggedModelTag'
  | 'logLoggedModelParams'
>
type LoggedModelRow = Selectable<Tables['logged_models']>

export function createLoggedModelStore(context: StoreContext): LoggedModelCalls {
  const { db, write, now } = context
  return {
    createLoggedModel: (request) => createLoggedModel(context, request),
    getLoggedModel: async ({ modelId, allowDeleted }) => ({
      model: await readModel(db, modelId, allowDeleted),
    }),
    finalizeLoggedModel: ({ modelId, status }) =>
      write((trx) => changeModel(trx, modelId, { status, last_update_time: now() })),
    deleteLoggedModel: ({ modelId }) =>
      write(async (trx) => {
        const { id } = await findModel(trx, modelId, true)
        const changes = { lifecycle_stage: 'deleted' as const, last_update_time: now() }
        await trx.updateTable('logged_models').set(changes).where('id', '=', id).execute()
        return {}
      }),
    searchLoggedModels: (request) => searchLoggedModels(db, request),
    setLoggedModelTags: ({ modelId, tags }) =>
      write(async (trx) => {
        await putPairs(trx, await tagsOf(trx, modelId), checkPairs(tags))
        return { model: await readModel(trx, modelId) }
      }),
    deleteLoggedModelTag: ({ modelId, tagKey }) =>
      write(async (trx) => {
        const removed = await removePair(trx, await tagsOf(trx, modelId), tagKey)
        const missing = `No tag with key '${tagKey}' found for model with ID '${modelId}'.`
        return removed ? {} : refuse('RESOURCE_DOES_NOT_EXIST', missing)
      }),
    logLoggedModelParams: ({ modelId, params }) =>
      write(async (trx) => {
        await putParams(trx, await findModel(trx, modelId), checkPairs(params))
        return {}
      }),
  }
}

/** The rows as MLflow's logged models, with parameters, tags and metrics. */
export async function readLoggedModels(
  db: Db,
  rows: readonly LoggedModelRow[],
): Promise<LoggedModelMessage[]> {
  const ids = rows.map((row) => row.id)
  const params = await readPairs(db, 'logged_model_params', ids)
  const tags = await readPairs(db, 'logged_model_tags', ids)
  const metrics = await readModelMetrics(db, ids)
  return rows.map((row) => ({
    info: {
      modelId: row.model_id,
      experimentId: String(row.experiment),
      name: row.name,
      creationTimestampMs: row.creation_time,
      lastUpdatedTimestampMs: row.last_update_time,
      artifactUri: row.artifact_uri,
      status: row.status as LoggedModelStatus,
      modelType: row.model_type ?? undefined,
      sourceRunId: row.source_run_id ?? undefined,
      tags: tags.get(row.id) ?? [],
    },
    data: { params: params.get(row.id) ?? [], metrics: metrics.get(row.id) ?? [] },
  }))
}

/** The logged model of that id, unless it was deleted and deleted ones are not asked for. */
export async function findModel(db: Db, modelId: string, allowDeleted = false): Promise<LoggedModelRow> {
  const row = await db
    .selectFrom('logged_models')
    .selectAll()
    .where('model_id', '=', modelId)
    .executeTakeFirst()
  return row && (allowDeleted || row.lifecycle_stage === 'active') ? row : refuseModel(modelId)
}

async function createLoggedModel(
  { write, now, createId, createName }: StoreContext,
  request: CallRequest<'createLoggedModel'>,
): Promise<CallResponse<'createLoggedModel'>> {
  const name = request.name ? checkLoggedModelName(request.name) : createName()
  const params = checkPairs(request.params)
  const tags = checkPairs(request.tags)
  return write(async (trx) => {
    const experiment = await activeExperiment(trx, request.experimentId)
    const modelId = `m-${createId()}`
    const time = now()
    const { id } = await trx
      .insertInto('logged_models')
      .values({
        model_id: modelId,
        experiment,
        name,
        artifact_uri: `${await artifactLocation(trx, experiment)}/models/${modelId}/artifacts`,
        creation_time: time,
        last_update_time: time,
        status: 'LOGGED_MODEL_PENDING',
        lifecycle_stage: 'active',
        model_type: request.modelType || null,
        source_run_id: request.sourceRunId || null,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    await putPairs(trx, { table: 'logged_model_params', owner: id }, params)
    await putPairs(trx, { table: 'logged_model_tags', owner: id }, tags)
    return { model: await readModel(trx, modelId) }
  })
}

async function changeModel(
  db: Db,
  modelId: string,
  changes: { status: LoggedModelStatus; last_update_time: number },
): Promise<{ model: LoggedModelMessage }> {
  const { id } = await findModel(db, modelId)
  await db.updateTable('logged_models').set(changes).where('id', '=', id).execute()
  return { model: await readModel(db, modelId) }
}

async function readModel(db: Db, modelId: string, allowDeleted = false): Promise<LoggedModelMessage> {
  const [model] = await readLoggedModels(db, [await findModel(db, modelId, allowDeleted)])
  return model!
}

/** Parameters never change, but may be logged again. */
async function putParams(db: Db, model: LoggedModelRow, params: readonly PairMessage[]): Promise<void> {
  const known = (await readPairs(db, 'logged_model_params', [model.id])).get(model.id) ?? []
  const values = new Map(known.map(({ key, value }) => [key, value]))
  for (const { key, value = '' } of params) {
    const old = values.get(key)
    if (old !== undefined && old !== value) {
      const logged = `Param with key='${key}' was already logged with value='${old}' for model ID='${model.model_id}'.`
      refuse('INVALID_PARAMETER_VALUE', `Changing param values is not allowed. ${logged}`)
    }
    values.set(key, value)
  }
  await putPairs(db, { table: 'logged_model_params', owner: model.id }, params)
}

async function tagsOf(db: Db, modelId: string): Promise<PairOwner> {
  return { table: 'logged_model_tags', owner: (await findModel(db, modelId)).id }
}

function checkPairs(pairs: readonly PairMessage[]): readonly PairMessage[] {
  checkCount(pairs.length, 'entries')
  for (const { key, value = '' } of pairs) {
    checkLength(key, LIMITS.key, 'key')
    checkLength(value, LIMITS.registryTagValue, 'value')
  }
  return pairs
}
