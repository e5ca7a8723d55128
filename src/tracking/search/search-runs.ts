import { type Selectable, type SqlBool, sql } from 'kysely'
import type { CallRequest, CallResponse } from '../protocol/endpoints.ts'
import { checkMaxResults, parseExperimentId } from '../protocol/limits.ts'
import { refuse } from '../protocol/refusal.ts'
import { readRunMessages } from '../store/run-messages.ts'
import type { Db } from '../store/store-context.ts'
import type { Tables } from '../store/tables.ts'
import {
  attributeCondition,
  type Condition,
  compare,
  metricCondition,
  pairCondition,
  type SearchAttributes,
  TEXT_OPERATORS,
  textOf,
} from './search-conditions.ts'
import { inStages } from './search-experiments.ts'
import { parseSearchFilter, type SearchClause } from './search-filter.ts'
import { parseOrder } from './search-order.ts'
import { searchPage } from './search-page.ts'

/** `runs/search`: one statement finds the page, then its metrics, parameters and tags are read by run. */
export async function searchRuns(
  db: Db,
  request: CallRequest<'searchRuns'>,
): Promise<CallResponse<'searchRuns'>> {
  const size = checkMaxResults(request.maxResults, { most: 50_000, byDefault: 1000 })
  const experiments = request.experimentIds.map(parseExperimentId)
  const order = parseOrder(request.orderBy, {
    attributes: ATTRIBUTES,
    pairs: { owner: 'runs.id', tag: 'run_tags', parameter: 'run_params' },
    metrics: 'runs.id',
    ties: ['start_time DESC', 'run_id ASC'],
  })
  const where = conditions(request.filter)
  if (experiments.length === 0) return { runs: [] }
  if (experiments.length > MOST_EXPERIMENTS) refuseExperiments(experiments.length)
  const inExperiments = sql<SqlBool>`runs.experiment in (${sql.join(experiments)})`
  const { rows, ...next } = await searchPage<Selectable<Tables['runs']>>(db, {
    table: 'runs',
    where: [inExperiments, inStages('runs.lifecycle_stage', request.runViewType), ...where],
    order,
    size,
    pageToken: request.pageToken,
  })
  return { runs: await readRunMessages(db, rows), ...next }
}

const MOST_EXPERIMENTS = 10_000

const START_TIME = { column: 'runs.start_time', kind: 'number' } as const
const NAME = { column: 'runs.name', kind: 'text' } as const

const ATTRIBUTES: SearchAttributes = {
  run_id: { column: 'runs.run_id', kind: 'text', list: true },
  run_name: NAME,
  'run name': NAME,
  'Run name': NAME,
  'Run Name': NAME,
  user_id: { column: 'runs.user_id', kind: 'text' },
  status: { column: 'runs.status', kind: 'text' },
  artifact_uri: { column: 'runs.artifact_uri', kind: 'text' },
  start_time: START_TIME,
  created: START_TIME,
  Created: START_TIME,
  end_time: { column: 'runs.end_time', kind: 'number', nullable: true },
}

function conditions(filter: string | undefined): Condition[] {
  return parseSearchFilter(filter).map((clause) => {
    if (clause.entity === 'attribute') return attributeCondition(ATTRIBUTES, clause)
    if (clause.entity === 'metric') return metricCondition('runs.id', clause)
    if (clause.entity === 'tag') return pairCondition('run_tags', 'runs.id', clause)
    if (clause.entity === 'parameter') return pairCondition('run_params', 'runs.id', clause)
    return datasetCondition(clause)
  })
}

/** Any of the run's data sets fits; `context` is its tag `mlflow.data.context`. */
function datasetCondition(clause: SearchClause): Condition {
  const value = textOf(clause, [...TEXT_OPERATORS, 'IN', 'NOT IN'])
  if (clause.key === 'context') {
    const fits = compare(sql.ref('value'), clause.operator, value)
    return sql<SqlBool>`runs.id in (select run from run_dataset_tags where key = 'mlflow.data.context' and ${fits})`
  }
  if (clause.key !== 'name' && clause.key !== 'digest') {
    const known = "{'name', 'digest', 'context'}"
    refuse(
      'INVALID_PARAMETER_VALUE',
      `Invalid dataset key '${clause.key}' specified. Valid keys are '${known}'`,
    )
  }
  const fits = compare(sql.ref(`datasets.${clause.key}`), clause.operator, value)
  const joined = sql`run_datasets join datasets on datasets.id = run_datasets.dataset`
  return sql<SqlBool>`runs.id in (select run from ${joined} where ${fits})`
}

function refuseExperiments(count: number): never {
  return refuse(
    'INVALID_PARAMETER_VALUE',
    `experiment_ids may have at most ${MOST_EXPERIMENTS} entries, got ${count}`,
  )
}
