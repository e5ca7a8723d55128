import type { ViewType } from '../protocol/messages.ts'
import type { Run } from './entities.ts'
import { chosenClient, experimentOfRuns } from './fluent-state.ts'
import { eachItem, type SearchQuery } from './tracking-client.ts'

/**
 * A run by its id, as the server has it now.
 *
 * @example
 * const status = async (runId: string) => (await getRun(runId)).info.status
 */
export function getRun(runId: string): Promise<Run> {
  return chosenClient().getRun(runId)
}

/**
 * The run that a run is nested in, if it is.
 *
 * @example
 * const parentOf = async (runId: string) => (await getParentRun(runId))?.info.runId
 */
export function getParentRun(runId: string): Promise<Run | undefined> {
  return chosenClient().getParentRun(runId)
}

export interface SearchRunsQuery extends Omit<SearchQuery, 'pageToken'> {
  /** Default: the experiment that `setExperiment` or the environment chose. */
  readonly experimentIds?: readonly string[]
  /** Instead of ids; names that no experiment has are left out. */
  readonly experimentNames?: readonly string[]
  readonly runViewType?: ViewType
}

/**
 * All runs that a filter finds, at most `maxResults` (100,000), asked for page by page.
 *
 * @example
 * const best = () => searchRuns({ filter: 'metrics.auc > 0.9', orderBy: ['metrics.auc DESC'], maxResults: 10 })
 */
export async function searchRuns(query: SearchRunsQuery = {}): Promise<Run[]> {
  const {
    experimentIds = await idsOf(query.experimentNames),
    experimentNames: _,
    maxResults = MOST,
    ...rest
  } = query
  const client = chosenClient()
  const found: Run[] = []
  const pages = (pageToken: string | undefined) =>
    client.searchRuns({ ...rest, experimentIds, pageToken, maxResults: Math.min(PAGE, maxResults) })
  for await (const run of eachItem(pages)) {
    if (found.length === maxResults) break
    found.push(run)
  }
  return found
}

const MOST = 100_000
const PAGE = 1000

async function idsOf(names: readonly string[] | undefined): Promise<string[]> {
  if (names === undefined) return [await experimentOfRuns()]
  const found = await Promise.all(names.map((name) => chosenClient().getExperimentByName(name)))
  return found.flatMap((experiment) => (experiment ? [experiment.experimentId] : []))
}
