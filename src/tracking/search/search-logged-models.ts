import { type RawBuilder, type Selectable, type SqlBool, sql } from 'kysely'
import type { CallRequest, CallResponse } from '../protocol/endpoints.ts'
import { checkMaxResults, parseExperimentId } from '../protocol/limits.ts'
import { refuse } from '../protocol/refusal.ts'
import { readLoggedModels } from '../store/logged-model-store.ts'
import { encodeToken, parseToken, refuseToken } from '../store/page-token.ts'
import type { Db } from '../store/store-context.ts'
import type { Tables } from '../store/tables.ts'
import {
  attributeCondition,
  attributeOf,
  type Condition,
  compare,
  NUMBER_OPERATORS,
  numberOf,
  pairCondition,
  type SearchAttributes,
} from './search-conditions.ts'
import { parseSearchFilter, type SearchClause } from './search-filter.ts'
import { attributeKeys, checkEntries, nullsLast, type SearchOrder, type SortKey } from './search-order.ts'
import { searchPage } from './search-page.ts'

type Request = CallRequest<'searchLoggedModels'>

/** `logged-models/search`: newest first unless ordered otherwise; metrics may be asked of data sets. */
export async function searchLoggedModels(
  db: Db,
  request: Request,
): Promise<CallResponse<'searchLoggedModels'>> {
  const size = checkMaxResults(request.maxResults || undefined, { most: 50_000, byDefault: 50 })
  const pageToken = parseOwnToken(request)
  const experiments = request.experimentIds.map(parseExperimentId)
  const where = conditions(request)
  const order = orderOf(request.orderBy)
  if (experiments.length === 0) return { models: [] }
  if (experiments.length > MOST_EXPERIMENTS) {
    refuse('INVALID_PARAMETER_VALUE', `experiment_ids may have at most ${MOST_EXPERIMENTS} entries`)
  }
  const isShown = sql<SqlBool>`experiment in (${sql.join(experiments)}) and lifecycle_stage = 'active'`
  const { rows, nextPageToken } = await searchPage<Selectable<Tables['logged_models']>>(db, {
    table: 'logged_models',
    where: [isShown, ...where],
    order,
    size,
    pageToken,
  })
  const models = await readLoggedModels(db, rows)
  return nextPageToken === undefined
    ? { models }
    : { models, nextPageToken: ownToken(request, nextPageToken) }
}

const MOST_EXPERIMENTS = 10_000
const MOST_ENTRIES = 16

const CREATED = { column: 'logged_models.creation_time', kind: 'number' } as const
const MODEL_ID = { column: 'logged_models.model_id', kind: 'text', list: true } as const
const UPDATED = { column: 'logged_models.last_update_time', kind: 'number' } as const

const ATTRIBUTES: SearchAttributes = {
  name: { column: 'logged_models.name', kind: 'text', list: true },
  model_id: MODEL_ID,
  model_type: { column: 'logged_models.model_type', kind: 'text', list: true, nullable: true },
  status: { column: 'logged_models.status', kind: 'text', list: true },
  source_run_id: { column: 'logged_models.source_run_id', kind: 'text', list: true, nullable: true },
  creation_timestamp: CREATED,
  creation_timestamp_ms: CREATED,
  creation_time: CREATED,
  last_updated_timestamp: UPDATED,
  last_updated_timestamp_ms: UPDATED,
}

function conditions({ filter, datasets }: Request): Condition[] {
  if (datasets.length > MOST_ENTRIES)
    refuse('INVALID_PARAMETER_VALUE', `datasets may have at most ${MOST_ENTRIES} entries`)
  const onDatasets = datasets.map(({ datasetName, datasetDigest }) => datasetFits(datasetName, datasetDigest))
  const anyDataset = onDatasets.length > 0 ? sql`and (${sql.join(onDatasets, sql` or `)})` : sql``
  const clauses = parseSearchFilter(filter).map((clause): Condition => {
    if (clause.entity === 'attribute') return attributeCondition(ATTRIBUTES, clause)
    if (clause.entity === 'tag') return pairCondition('logged_model_tags', 'logged_models.id', clause)
    if (clause.entity === 'parameter') return pairCondition('logged_model_params', 'logged_models.id', clause)
    if (clause.entity === 'metric') return metricFits(clause, anyDataset)
    const known = "['attributes', 'metrics', 'params', 'tags']"
    return refuse(
      'INVALID_PARAMETER_VALUE',
      `Invalid entity type: '${clause.entity}'. Expected one of ${known}.`,
    )
  })
  return onDatasets.length > 0 ? [...clauses, hasMetric(sql`true ${anyDataset}`)] : clauses
}

function metricFits(clause: SearchClause, anyDataset: RawBuilder<unknown>): Condition {
  const value = numberOf(clause, NUMBER_OPERATORS)
  const fits = compare(sql.ref('value'), clause.operator, value)
  return hasMetric(sql`key = ${clause.key} and ${fits} ${anyDataset}`)
}

function hasMetric(fits: RawBuilder<unknown>): Condition {
  return sql<SqlBool>`exists (select 1 from logged_model_metrics where model = logged_models.id and ${fits})`
}

function datasetFits(name: string | undefined, digest: string | undefined): RawBuilder<unknown> {
  const named = name ? sql`dataset_name = ${name}` : sql`true`
  return digest ? sql`(${named} and dataset_digest = ${digest})` : sql`(${named})`
}

function orderOf(orderBy: Request['orderBy']): SearchOrder {
  checkEntries(orderBy.length)
  const ties = [...attributeKeys(CREATED, true), ...attributeKeys(MODEL_ID, false)]
  return { keys: [...orderBy.flatMap(orderKeys), ...ties], joins: [] }
}

function orderKeys({
  fieldName,
  datasetName,
  datasetDigest,
  ascending,
}: Request['orderBy'][number]): SortKey[] {
  const descending = ascending === false
  if (!fieldName.includes('.')) return attributeKeys(attributeOf(ATTRIBUTES, fieldName), descending)
  if (!fieldName.startsWith('metrics.')) {
    refuse(
      'INVALID_PARAMETER_VALUE',
      `Invalid order by field name: ${fieldName}. Only metrics are supported.`,
    )
  }
  const fits = sql`key = ${fieldName.slice('metrics.'.length)} and ${datasetFits(datasetName, datasetDigest)}`
  const latest = sql`order by timestamp desc, step desc, run_id asc limit 1`
  const value = sql`(select value from logged_model_metrics where model = logged_models.id and ${fits} ${latest})`
  return nullsLast(value, { kind: 'double', descending })
}

/** MLflow's token carries the search, and serves that search alone. */
function ownToken(request: Request, place: string): string {
  return encodeToken({ place, ...searchOf(request) })
}

function parseOwnToken(request: Request): string | undefined {
  if (!request.pageToken) return undefined
  const { place, ...search } = parseToken(request.pageToken)
  if (typeof place !== 'string') return refuseToken()
  if (JSON.stringify(search) !== JSON.stringify(searchOf(request))) {
    refuse(
      'INVALID_PARAMETER_VALUE',
      'The page token belongs to another search: experiments, filter and order must be the same',
    )
  }
  return place
}

function searchOf({ experimentIds, filter = '', orderBy }: Request): object {
  return { experiment_ids: experimentIds, filter_string: filter, order_by: orderBy }
}
