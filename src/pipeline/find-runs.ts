import { FdsError } from '../errors.ts'
import type { Experiment, MlflowClient, Page, Run, ViewType } from '../tracking/index.ts'

export interface RunQuery {
  readonly client: MlflowClient
  /** Name or id; every experiment that is not deleted when absent. */
  readonly experiment?: string | undefined
  /** MLflow's search language, such as `metrics.auc_roc > 0.9 and params.max_depth = '6'`. */
  readonly filter?: string | undefined
  /** Such as `metrics.auc_roc DESC`; latest start first when empty. */
  readonly orderBy?: readonly string[] | undefined
  /** Runs at most. */
  readonly max: number
  /** Deleted runs instead of the others. */
  readonly deleted?: boolean | undefined
}

/** The runs that a query finds, asked for page by page. EXPERIMENT_NOT_FOUND. */
export async function findRuns(query: RunQuery): Promise<Run[]> {
  const { client, experiment, filter, orderBy, max, deleted = false } = query
  const experimentIds = await experimentIdsOf(client, experiment, deleted)
  if (experimentIds.length === 0) return []
  return collect(max, (page) =>
    client.searchRuns({
      experimentIds,
      runViewType: deleted ? 'DELETED_ONLY' : 'ACTIVE_ONLY',
      ...(filter !== undefined && { filter }),
      ...(orderBy !== undefined && { orderBy }),
      ...page,
    }),
  )
}

/** Every experiment, the last changed first. */
export function listExperiments(
  client: MlflowClient,
  viewType: ViewType = 'ACTIVE_ONLY',
): Promise<Experiment[]> {
  return collect(Number.POSITIVE_INFINITY, (page) => client.searchExperiments({ viewType, ...page }))
}

/** Asks for page after page until there are `max` or no more. */
export async function collect<T>(
  max: number,
  ask: (page: { maxResults: number; pageToken?: string }) => Promise<Page<T>>,
): Promise<T[]> {
  const items: T[] = []
  let pageToken: string | undefined
  do {
    const maxResults = Math.min(max - items.length, PAGE)
    const page = await ask(pageToken === undefined ? { maxResults } : { maxResults, pageToken })
    items.push(...page.items)
    pageToken = page.nextPageToken
  } while (pageToken !== undefined && items.length < max)
  return items
}

const PAGE = 1000

async function experimentIdsOf(
  client: MlflowClient,
  experiment: string | undefined,
  deleted: boolean,
): Promise<string[]> {
  if (experiment !== undefined) return [await experimentIdOf(client, experiment)]
  const experiments = await listExperiments(client, deleted ? 'ALL' : 'ACTIVE_ONLY')
  return experiments.map(({ experimentId }) => experimentId)
}

/** A name counts before an id, since a name may look like one. */
async function experimentIdOf(client: MlflowClient, experiment: string): Promise<string> {
  const named = await client.getExperimentByName(experiment)
  if (named) return named.experimentId
  const experiments = await listExperiments(client, 'ALL')
  const found = experiments.find(({ experimentId }) => experimentId === experiment)
  if (found) return found.experimentId
  const known = experiments.map(({ name }) => name)
  throw new FdsError('EXPERIMENT_NOT_FOUND', { experiment, known })
}
