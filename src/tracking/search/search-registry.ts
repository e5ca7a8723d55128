import { type SqlBool, sql } from 'kysely'
import type { CallRequest, CallResponse } from '../protocol/endpoints.ts'
import { checkMaxResults } from '../protocol/limits.ts'
import { refuse } from '../protocol/refusal.ts'
import { type ModelVersionRow, readVersions } from '../store/model-version-store.ts'
import { type RegisteredModelRow, readRegisteredModels } from '../store/registered-model-store.ts'
import type { Db } from '../store/store-context.ts'
import {
  attributeCondition,
  type Condition,
  pairCondition,
  type SearchAttributes,
} from './search-conditions.ts'
import { parseSearchFilter } from './search-filter.ts'
import { parseOrder } from './search-order.ts'
import { searchPage } from './search-page.ts'

/** `registered-models/search`: by name and tags, ordered by name unless it says otherwise. */
export async function searchRegisteredModels(
  db: Db,
  request: CallRequest<'searchRegisteredModels'>,
): Promise<CallResponse<'searchRegisteredModels'>> {
  const size = checkMaxResults(request.maxResults, { most: 1000, byDefault: 100 })
  const order = parseOrder(request.orderBy, { attributes: MODEL_ORDER, ties: ['name ASC'] })
  const { rows, ...next } = await searchPage<RegisteredModelRow>(db, {
    table: 'registered_models',
    where: conditions(request.filter, MODELS),
    order,
    size,
    pageToken: request.pageToken,
  })
  return { registeredModels: await readRegisteredModels(db, rows), ...next }
}

/** `model-versions/search`: by name, number, run, source and tags; last updated first unless ordered otherwise. */
export async function searchModelVersions(
  db: Db,
  request: CallRequest<'searchModelVersions'>,
): Promise<CallResponse<'searchModelVersions'>> {
  const size = checkMaxResults(request.maxResults, { most: 200_000, byDefault: 200_000 })
  const ties = ['last_updated_timestamp DESC', 'name ASC', 'version_number DESC']
  const order = parseOrder(request.orderBy, { attributes: VERSION_ORDER, ties })
  const isActive = sql<SqlBool>`model_versions.lifecycle_stage = 'active'`
  const { rows, ...next } = await searchPage<ModelVersionRow>(db, {
    table: 'model_versions',
    joins: [sql`join registered_models on registered_models.id = model_versions.model`],
    where: [isActive, ...conditions(request.filter, VERSIONS)],
    order,
    size,
    pageToken: request.pageToken,
  })
  return { modelVersions: await readVersions(db, rows), ...next }
}

const MODEL_NAME = { column: 'registered_models.name', kind: 'text', list: true } as const
const MODEL_UPDATED = { column: 'registered_models.last_update_time', kind: 'number' } as const
const VERSION_NUMBER = { column: 'model_versions.version', kind: 'number' } as const

const MODEL_ORDER: SearchAttributes = {
  name: MODEL_NAME,
  timestamp: MODEL_UPDATED,
  last_updated_timestamp: MODEL_UPDATED,
  creation_timestamp: { column: 'registered_models.creation_time', kind: 'number' },
}
const VERSION_ORDER: SearchAttributes = {
  name: MODEL_NAME,
  version_number: VERSION_NUMBER,
  creation_timestamp: { column: 'model_versions.creation_time', kind: 'number' },
  last_updated_timestamp: { column: 'model_versions.last_update_time', kind: 'number' },
}

interface Searched {
  readonly attributes: SearchAttributes
  readonly tags: 'registered_model_tags' | 'model_version_tags'
  /** The column that owns those tags. */
  readonly owner: string
}

const MODELS: Searched = {
  attributes: { name: MODEL_NAME },
  tags: 'registered_model_tags',
  owner: 'registered_models.id',
}
const VERSIONS: Searched = {
  attributes: {
    name: MODEL_NAME,
    version_number: VERSION_NUMBER,
    run_id: { column: 'model_versions.run_id', kind: 'text', list: true },
    source_path: { column: 'model_versions.source', kind: 'text' },
  },
  tags: 'model_version_tags',
  owner: 'model_versions.id',
}

function conditions(filter: string | undefined, { attributes, tags, owner }: Searched): Condition[] {
  return parseSearchFilter(filter).map((clause) => {
    if (clause.entity === 'attribute') return attributeCondition(attributes, clause)
    if (clause.entity !== 'tag') {
      const known = "('attribute', 'tag', 'tags')"
      refuse(
        'INVALID_PARAMETER_VALUE',
        `Invalid entity type '${clause.entity}'. Valid entity types are ${known}`,
      )
    }
    const condition = pairCondition(tags, owner, clause)
    // MLflow's client asks for everything that is no prompt this way; what has no such tag is none
    if (clause.key !== PROMPT_TAG || clause.operator !== '!=' || clause.value !== 'true') return condition
    return sql<SqlBool>`not ${pairCondition(tags, owner, { ...clause, operator: '=' })}`
  })
}

const PROMPT_TAG = 'mlflow.prompt.is_prompt'
