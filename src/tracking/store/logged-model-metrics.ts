import { checkLength, LIMITS } from '../protocol/limits.ts'
import type { MetricMessage } from '../protocol/messages.ts'
import { refuse } from '../protocol/refusal.ts'
import { pointOf } from './run-data-store.ts'
import { metricMessage } from './run-messages.ts'
import type { RunRow } from './run-store.ts'
import type { Db } from './store-context.ts'
import { append, chunksOf, IDS_AT_ONCE, idList, ROWS_AT_ONCE } from './store-pairs.ts'

/** Keeps the metrics that name a logged model with that model too, with run and data set. */
export async function putModelMetrics(db: Db, run: RunRow, metrics: readonly MetricMessage[]): Promise<void> {
  const named = metrics.filter((metric) => metric.modelId)
  if (named.length === 0) return
  const models = await modelIds(db, [...new Set(named.map((metric) => metric.modelId!))])
  const rows = named.map((metric) => ({
    model: models.get(metric.modelId!)!,
    run_id: run.run_id,
    ...pointOf(metric, ''),
    dataset_name: checkLength(metric.datasetName ?? '', LIMITS.datasetName, 'dataset_name'),
    dataset_digest: checkLength(metric.datasetDigest ?? '', LIMITS.datasetDigest, 'dataset_digest'),
  }))
  for (const chunk of chunksOf(rows, ROWS_AT_ONCE)) {
    await db
      .insertInto('logged_model_metrics')
      .values(chunk)
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  }
}

/** Of each model the points, in the order of key and time. */
export async function readModelMetrics(
  db: Db,
  models: readonly number[],
): Promise<Map<number, MetricMessage[]>> {
  const found = new Map<number, MetricMessage[]>()
  for (const chunk of chunksOf(models, IDS_AT_ONCE)) {
    const rows = await db
      .selectFrom('logged_model_metrics')
      .innerJoin('logged_models', 'logged_models.id', 'logged_model_metrics.model')
      .selectAll('logged_model_metrics')
      .select('logged_models.model_id')
      .where('model', 'in', idList(chunk))
      .orderBy('model')
      .orderBy('key')
      .orderBy('timestamp')
      .execute()
    for (const row of rows) {
      append(found, row.model, {
        ...metricMessage(row),
        modelId: row.model_id,
        runId: row.run_id,
        datasetName: row.dataset_name || undefined,
        datasetDigest: row.dataset_digest || undefined,
      })
    }
  }
  return found
}

async function modelIds(db: Db, modelIds: readonly string[]): Promise<Map<string, number>> {
  const query = db.selectFrom('logged_models').select(['id', 'model_id']).where('model_id', 'in', modelIds)
  const found = new Map((await query.execute()).map((row) => [row.model_id, row.id]))
  const missing = modelIds.find((modelId) => !found.has(modelId))
  return missing === undefined ? found : refuseModel(missing)
}

export function refuseModel(modelId: string): never {
  return refuse('RESOURCE_DOES_NOT_EXIST', `Logged model with ID '${modelId}' not found.`)
}
