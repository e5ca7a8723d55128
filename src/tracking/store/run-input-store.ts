import type { CallRequest } from '../protocol/endpoints.ts'
import { checkCount, checkLength, LIMITS } from '../protocol/limits.ts'
import type { DatasetInputMessage } from '../protocol/messages.ts'
import { activeRun, type RunRow } from './run-store.ts'
import type { Db, StoreContext } from './store-context.ts'
import type { TrackingStore } from './tracking-store.ts'

/** What a run read and made: data sets, models in, models out. */
export function createRunInputStore({
  write,
}: StoreContext): Pick<TrackingStore, 'logInputs' | 'logOutputs'> {
  return {
    logInputs: async ({ runId, datasets, models }) => {
      checkInputs(datasets)
      return write(async (trx) => {
        const run = await activeRun(trx, runId)
        for (const input of datasets) await putDatasetInput(trx, run, input)
        await putRunModels(trx, run, 'input', models)
        return {}
      })
    },
    logOutputs: ({ runId, models }) =>
      write(async (trx) => {
        await putRunModels(trx, await activeRun(trx, runId), 'output', models)
        return {}
      }),
  }
}

function checkInputs(inputs: readonly DatasetInputMessage[]): void {
  checkCount(inputs.length, 'datasets')
  inputs.forEach(({ dataset, tags }, index) => {
    const path = `datasets[${index}]`
    checkLength(dataset.name, LIMITS.datasetName, `${path}.dataset.name`)
    checkLength(dataset.digest, LIMITS.datasetDigest, `${path}.dataset.digest`)
    checkLength(dataset.source ?? '', LIMITS.datasetSource, `${path}.dataset.source`)
    checkLength(dataset.schema ?? '', LIMITS.datasetSchema, `${path}.dataset.schema`)
    checkLength(dataset.profile ?? '', LIMITS.datasetProfile, `${path}.dataset.profile`)
    checkCount(tags.length, 'tags')
    for (const { key, value = '' } of tags) {
      checkLength(key, LIMITS.inputTagKey, `${path}.tags.key`)
      checkLength(value, LIMITS.inputTagValue, `${path}.tags.value`)
    }
  })
}

/** A data set is known by name and digest within its experiment; of a run each is an input once. */
async function putDatasetInput(db: Db, run: RunRow, { dataset, tags }: DatasetInputMessage): Promise<void> {
  const { name, digest, sourceType = '', source = '', schema = null, profile = null } = dataset
  const row = { experiment: run.experiment, name, digest, source_type: sourceType, source, schema, profile }
  await db
    .insertInto('datasets')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const { id } = await db
    .selectFrom('datasets')
    .select('id')
    .where('experiment', '=', run.experiment)
    .where('name', '=', name)
    .where('digest', '=', digest)
    .executeTakeFirstOrThrow()
  const linked = await db
    .insertInto('run_datasets')
    .values({ run: run.id, dataset: id })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  if (linked.numInsertedOrUpdatedRows === 0n || tags.length === 0) return
  const values = new Map(tags.map(({ key, value = '' }) => [key, value]))
  const tagRows = [...values].map(([key, value]) => ({ run: run.id, dataset: id, key, value }))
  await db.insertInto('run_dataset_tags').values(tagRows).execute()
}

async function putRunModels(
  db: Db,
  run: RunRow,
  role: 'input' | 'output',
  models: readonly CallRequest<'logOutputs'>['models'][number][],
): Promise<void> {
  checkCount(models.length, 'models')
  if (models.length === 0) return
  for (const { modelId } of models) checkLength(modelId, LIMITS.id, 'model_id')
  await db
    .insertInto('run_models')
    .values(models.map(({ modelId, step = 0 }) => ({ run: run.id, role, model_id: modelId, step })))
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}
