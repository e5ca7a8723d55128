import type { CallRequest, CallResponse } from '../protocol/endpoints.ts'
import { LIMITS, parseExperimentId } from '../protocol/limits.ts'
import { refuse } from '../protocol/refusal.ts'
import type { Db, StoreContext } from './store-context.ts'
import type { TrackingStore } from './tracking-store.ts'

/** What the data sets of experiments are and what for their runs read them. */
export function createDatasetStore({ db }: StoreContext): Pick<TrackingStore, 'searchDatasets'> {
  return { searchDatasets: (request) => searchDatasets(db, request) }
}

async function searchDatasets(
  db: Db,
  { experimentIds }: CallRequest<'searchDatasets'>,
): Promise<CallResponse<'searchDatasets'>> {
  checkCount(experimentIds.length)
  const rows = await db
    .selectFrom('datasets')
    .innerJoin('run_datasets', 'run_datasets.dataset', 'datasets.id')
    .leftJoin('run_dataset_tags', (join) =>
      join
        .onRef('run_dataset_tags.run', '=', 'run_datasets.run')
        .onRef('run_dataset_tags.dataset', '=', 'run_datasets.dataset')
        .on('run_dataset_tags.key', '=', 'mlflow.data.context'),
    )
    .select(['experiment', 'name', 'digest', 'run_dataset_tags.value as context'])
    .distinct()
    .where('experiment', 'in', experimentIds.map(parseExperimentId))
    .orderBy('experiment')
    .orderBy('name')
    .orderBy('digest')
    .orderBy('context')
    .limit(LIMITS.datasetSummaries)
    .execute()
  const datasetSummaries = rows.map(({ experiment, name, digest, context }) => ({
    experimentId: String(experiment),
    name,
    digest,
    context: context ?? undefined,
  }))
  return { datasetSummaries }
}

function checkCount(count: number): void {
  if (count === 0) {
    refuse('INVALID_PARAMETER_VALUE', 'SearchDatasets request must specify at least one experiment_id.')
  }
  if (count <= LIMITS.datasetExperiments) return
  const rule = `SearchDatasets request cannot specify more than ${LIMITS.datasetExperiments} experiment_ids.`
  refuse('INVALID_PARAMETER_VALUE', `${rule} Received ${count} experiment_ids.`)
}
