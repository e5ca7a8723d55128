import type { Selectable } from 'kysely'
import type {
  DatasetInputMessage,
  MetricMessage,
  PairMessage,
  RunInfoMessage,
  RunMessage,
  RunStatus,
} from '../protocol/messages.ts'
import type { Db } from './store-context.ts'
import { append, chunksOf, IDS_AT_ONCE, idList, readPairs } from './store-pairs.ts'
import type { Tables } from './tables.ts'

type RunRow = Selectable<Tables['runs']>

/** The rows as MLflow's runs, with latest metrics, parameters, tags, data sets and models; not in a transaction. */
export async function readRunMessages(db: Db, rows: readonly RunRow[]): Promise<RunMessage[]> {
  const ids = rows.map((row) => row.id)
  const [metrics, params, tags, datasets, models] = await Promise.all([
    readLatestMetrics(db, ids),
    readPairs(db, 'run_params', ids),
    readPairs(db, 'run_tags', ids),
    readDatasetInputs(db, ids),
    readRunModels(db, ids),
  ])
  return rows.map((row) => {
    const { inputs = [], outputs = [] } = models.get(row.id) ?? {}
    return {
      info: runInfoMessage(row),
      data: {
        metrics: metrics.get(row.id) ?? [],
        params: params.get(row.id) ?? [],
        tags: tags.get(row.id) ?? [],
      },
      inputs: { datasetInputs: datasets.get(row.id) ?? [], modelInputs: inputs },
      outputs: { modelOutputs: outputs },
    }
  })
}

export function runInfoMessage(row: RunRow): RunInfoMessage {
  return {
    runId: row.run_id,
    runName: row.name,
    experimentId: String(row.experiment),
    userId: row.user_id,
    status: row.status as RunStatus,
    startTime: row.start_time,
    endTime: row.end_time ?? undefined,
    artifactUri: row.artifact_uri,
    lifecycleStage: row.lifecycle_stage,
  }
}

/** A stored point as MLflow answers it: NaN again where it was NaN. */
export function metricMessage(row: {
  key: string
  value: number
  is_nan: number
  timestamp: number
  step: number
}): MetricMessage {
  const { key, timestamp, step } = row
  return { key, value: row.is_nan === 1 ? Number.NaN : row.value, timestamp, step }
}

async function readLatestMetrics(db: Db, ids: readonly number[]): Promise<Map<number, MetricMessage[]>> {
  const found = new Map<number, MetricMessage[]>()
  for (const chunk of chunksOf(ids, IDS_AT_ONCE)) {
    const query = db
      .selectFrom('latest_metrics')
      .selectAll()
      .where('run', 'in', idList(chunk))
      .orderBy('run')
      .orderBy('key')
    for (const row of await query.execute()) append(found, row.run, metricMessage(row))
  }
  return found
}

async function readDatasetInputs(
  db: Db,
  ids: readonly number[],
): Promise<Map<number, DatasetInputMessage[]>> {
  const found = new Map<number, DatasetInputMessage[]>()
  for (const chunk of chunksOf(ids, IDS_AT_ONCE)) {
    const rows = await db
      .selectFrom('run_datasets')
      .innerJoin('datasets', 'datasets.id', 'run_datasets.dataset')
      .selectAll('datasets')
      .select('run_datasets.run')
      .where('run_datasets.run', 'in', idList(chunk))
      .orderBy('run_datasets.run')
      .orderBy('datasets.id')
      .execute()
    if (rows.length === 0) continue
    const tags = await readDatasetTags(db, chunk)
    for (const row of rows)
      append(found, row.run, datasetInputMessage(row, tags.get(`${row.run}/${row.id}`) ?? []))
  }
  return found
}

async function readDatasetTags(db: Db, runs: readonly number[]): Promise<Map<string, PairMessage[]>> {
  const found = new Map<string, PairMessage[]>()
  const query = db.selectFrom('run_dataset_tags').selectAll().where('run', 'in', idList(runs)).orderBy('key')
  for (const { run, dataset, key, value } of await query.execute())
    append(found, `${run}/${dataset}`, { key, value })
  return found
}

function datasetInputMessage(
  row: Selectable<Tables['datasets']>,
  tags: readonly PairMessage[],
): DatasetInputMessage {
  const { name, digest, source_type: sourceType, source, schema, profile } = row
  return {
    dataset: { name, digest, sourceType, source, schema: schema ?? undefined, profile: profile ?? undefined },
    tags,
  }
}

interface RunModels {
  readonly inputs: { readonly modelId: string }[]
  readonly outputs: { readonly modelId: string; readonly step: number }[]
}

async function readRunModels(db: Db, ids: readonly number[]): Promise<Map<number, RunModels>> {
  const found = new Map<number, RunModels>()
  for (const chunk of chunksOf(ids, IDS_AT_ONCE)) {
    const query = db.selectFrom('run_models').selectAll().where('run', 'in', idList(chunk))
    for (const { run, role, model_id: modelId, step } of await query.execute()) {
      const models = found.get(run) ?? { inputs: [], outputs: [] }
      if (role === 'input') models.inputs.push({ modelId })
      else models.outputs.push({ modelId, step })
      found.set(run, models)
    }
  }
  return found
}
