import { sql } from 'kysely'
import type { CallRequest, CallResponse } from '../protocol/endpoints.ts'
import { checkMaxResults } from '../protocol/limits.ts'
import type { ViewType } from '../protocol/messages.ts'
import { refuse } from '../protocol/refusal.ts'
import { experimentMessage } from '../store/experiment-store.ts'
import { cutPage, parseOffset } from '../store/page-token.ts'
import type { Db } from '../store/store-context.ts'
import { readPairs } from '../store/store-pairs.ts'
import type { LifecycleStage } from '../store/tables.ts'
import {
  attributeCondition,
  type Condition,
  pairCondition,
  type SearchAttributes,
} from './search-conditions.ts'
import { parseSearchFilter } from './search-filter.ts'
import { orderTerms } from './search-order.ts'

/** `experiments/search`: by name, times and tags; newest first unless ordered otherwise. */
export async function searchExperiments(
  db: Db,
  request: CallRequest<'searchExperiments'>,
): Promise<CallResponse<'searchExperiments'>> {
  const size = checkMaxResults(request.maxResults, { most: 50_000, byDefault: 1000 })
  const offset = parseOffset(request.pageToken)
  const order = orderTerms(request.orderBy, {
    attributes: ATTRIBUTES,
    ties: request.orderBy.length > 0 ? ['experiment_id ASC'] : ['creation_time DESC', 'experiment_id ASC'],
  })
  const rows = await db
    .selectFrom('experiments')
    .selectAll()
    .where('lifecycle_stage', 'in', stagesOf(request.viewType))
    .where((eb) => eb.and(conditions(request.filter)))
    .orderBy(sql.join(order))
    .limit(size + 1)
    .offset(offset)
    .execute()
  const { rows: kept, ...token } = cutPage(rows, { offset, size })
  const tags = await readPairs(
    db,
    'experiment_tags',
    kept.map((row) => row.id),
  )
  return { experiments: kept.map((row) => experimentMessage(row, tags.get(row.id) ?? [])), ...token }
}

/** The lifecycle stages that a view shows; active ones by default. */
export function stagesOf(viewType: ViewType | undefined): LifecycleStage[] {
  if (viewType === 'ALL') return ['active', 'deleted']
  return viewType === 'DELETED_ONLY' ? ['deleted'] : ['active']
}

const ATTRIBUTES: SearchAttributes = {
  name: { column: 'experiments.name', kind: 'text' },
  experiment_id: { column: 'experiments.id', kind: 'number' },
  creation_time: { column: 'experiments.creation_time', kind: 'number' },
  last_update_time: { column: 'experiments.last_update_time', kind: 'number' },
}

function conditions(filter: string | undefined): Condition[] {
  return parseSearchFilter(filter).map((clause) => {
    if (clause.entity === 'attribute') return attributeCondition(ATTRIBUTES, clause)
    if (clause.entity === 'tag') return pairCondition('experiment_tags', 'experiments.id', clause)
    const known = "('attribute', 'tag', 'tags')"
    return refuse(
      'INVALID_PARAMETER_VALUE',
      `Invalid entity type '${clause.entity}'. Valid entity types are ${known}`,
    )
  })
}
