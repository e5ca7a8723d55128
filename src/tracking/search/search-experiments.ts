import { type Selectable, type SqlBool, sql } from 'kysely'
import type { CallRequest, CallResponse } from '../protocol/endpoints.ts'
import { checkMaxResults } from '../protocol/limits.ts'
import type { ViewType } from '../protocol/messages.ts'
import { refuse } from '../protocol/refusal.ts'
import { experimentMessage } from '../store/experiment-store.ts'
import type { Db } from '../store/store-context.ts'
import { readPairs } from '../store/store-pairs.ts'
import type { Tables } from '../store/tables.ts'
import {
  attributeCondition,
  type Condition,
  pairCondition,
  type SearchAttributes,
} from './search-conditions.ts'
import { parseSearchFilter } from './search-filter.ts'
import { parseOrder } from './search-order.ts'
import { searchPage } from './search-page.ts'

/** `experiments/search`: by name, times and tags; newest first unless ordered otherwise. */
export async function searchExperiments(
  db: Db,
  request: CallRequest<'searchExperiments'>,
): Promise<CallResponse<'searchExperiments'>> {
  const size = checkMaxResults(request.maxResults, { most: 50_000, byDefault: 1000 })
  const order = parseOrder(request.orderBy, {
    attributes: ATTRIBUTES,
    ties: request.orderBy.length > 0 ? ['experiment_id ASC'] : ['creation_time DESC', 'experiment_id ASC'],
  })
  const { rows, ...next } = await searchPage<Selectable<Tables['experiments']>>(db, {
    table: 'experiments',
    where: [inStages('experiments.lifecycle_stage', request.viewType), ...conditions(request.filter)],
    order,
    size,
    pageToken: request.pageToken,
  })
  const ids = rows.map((row) => row.id)
  const tags = await readPairs(db, 'experiment_tags', ids)
  return { experiments: rows.map((row) => experimentMessage(row, tags.get(row.id) ?? [])), ...next }
}

/** Whether the stage in a column is one that a view shows; active by default. */
export function inStages(column: string, viewType: ViewType | undefined): Condition {
  if (viewType === 'ALL') return sql<SqlBool>`${sql.ref(column)} in ('active', 'deleted')`
  return sql<SqlBool>`${sql.ref(column)} = ${viewType === 'DELETED_ONLY' ? 'deleted' : 'active'}`
}

const ATTRIBUTES: SearchAttributes = {
  name: { column: 'experiments.name', kind: 'text' },
  experiment_id: { column: 'experiments.id', kind: 'number' },
  creation_time: { column: 'experiments.creation_time', kind: 'number' },
  last_update_time: { column: 'experiments.last_update_time', kind: 'number' },
}

/** Ids are compared as the texts that they are in the protocol. */
const SEARCHED: SearchAttributes = {
  ...ATTRIBUTES,
  experiment_id: { column: 'experiments.id', kind: 'id', list: true },
}

function conditions(filter: string | undefined): Condition[] {
  return parseSearchFilter(filter).map((clause) => {
    if (clause.entity === 'attribute') return attributeCondition(SEARCHED, clause)
    if (clause.entity === 'tag') return pairCondition('experiment_tags', 'experiments.id', clause)
    const known = "('attribute', 'tag', 'tags')"
    return refuse(
      'INVALID_PARAMETER_VALUE',
      `Invalid entity type '${clause.entity}'. Valid entity types are ${known}`,
    )
  })
}
