import { type RawBuilder, sql } from 'kysely'
import { refuse } from '../protocol/refusal.ts'
import type { PairTable } from '../store/tables.ts'
import { attributeOf, type SearchAttribute, type SearchAttributes } from './search-conditions.ts'
import { parseOrderBy, type SearchEntity } from './search-filter.ts'

/** One term of an ORDER BY. `kind` is the kind of its values, by which a page token is checked. */
export interface SortKey {
  readonly value: RawBuilder<unknown>
  readonly kind: 'integer' | 'double' | 'text'
  readonly descending: boolean
}

/** The order of a search: its terms, no two rows alike in all of them, and the joins that they speak of. */
export interface SearchOrder {
  readonly keys: readonly SortKey[]
  readonly joins: readonly RawBuilder<unknown>[]
}

/** What a search may be ordered by. */
export interface OrderTargets {
  readonly attributes: SearchAttributes
  /** Where tags and parameters lie, and the column that owns them. */
  readonly pairs?: { readonly owner: string; readonly tag?: PairTable; readonly parameter?: PairTable }
  /** The column that owns metrics. */
  readonly metrics?: string
  /** Ends every order, so that ties have one. */
  readonly ties: readonly string[]
}

/**
 * The order that a search asks for. Missing values come last in both directions, NaN before them; of a field named
 * twice the first counts. At most 16 entries.
 */
export function parseOrder(orderBy: readonly string[], targets: OrderTargets): SearchOrder {
  checkEntries(orderBy.length)
  const seen = new Set<string>()
  const parts = [...orderBy, ...targets.ties].flatMap((entry, index) => {
    const { entity, key, descending } = parseOrderBy(entry)
    const field = `${entity}.${entity === 'attribute' ? attributeOf(targets.attributes, key).column : key}`
    if (seen.has(field)) return []
    seen.add(field)
    return [orderPart(targets, { entity, key, descending, alias: `o${index}` })]
  })
  return { keys: parts.flatMap(({ keys }) => keys), joins: parts.flatMap(({ joins }) => joins) }
}

export function checkEntries(count: number): void {
  if (count <= MOST_ENTRIES) return
  refuse('INVALID_PARAMETER_VALUE', `order_by may have at most ${MOST_ENTRIES} entries, got ${count}`)
}

/** The terms of a value that may be missing: missing ones last. */
export function nullsLast(value: RawBuilder<unknown>, term: Omit<SortKey, 'value'>): SortKey[] {
  const missing = sql`cast(case when ${value} is null then 1 else 0 end as bigint)`
  return [
    { value: missing, kind: 'integer', descending: false },
    { value, ...term },
  ]
}

/** The terms of an attribute. */
export function attributeKeys({ column, kind, nullable }: SearchAttribute, descending: boolean): SortKey[] {
  const term = { kind: kind === 'number' ? 'integer' : 'text', descending } as const
  return nullable ? nullsLast(sql.ref(column), term) : [{ value: sql.ref(column), ...term }]
}

const MOST_ENTRIES = 16

function orderPart(
  { attributes, pairs, metrics }: OrderTargets,
  term: { entity: SearchEntity; key: string; descending: boolean; alias: string },
): SearchOrder {
  const { entity, key, descending, alias } = term
  if (entity === 'attribute')
    return { keys: attributeKeys(attributeOf(attributes, key), descending), joins: [] }
  const value = sql.ref(`${alias}.value`)
  const joined = (table: string, owner: [string, string]) =>
    sql`left join ${sql.table(table)} as ${sql.table(alias)}
      on ${sql.ref(`${alias}.${owner[0]}`)} = ${sql.ref(owner[1])} and ${sql.ref(`${alias}.key`)} = ${key}`
  if (entity === 'metric' && metrics !== undefined) {
    // 0 a number, 1 NaN, 2 no such metric
    const rank = sql`coalesce(${sql.ref(`${alias}.is_nan`)}, 2)`
    const keys: SortKey[] = [
      { value: rank, kind: 'integer', descending: false },
      { value, kind: 'double', descending },
    ]
    return { keys, joins: [joined('latest_metrics', ['run', metrics])] }
  }
  const table = entity === 'tag' ? pairs?.tag : entity === 'parameter' ? pairs?.parameter : undefined
  if (!pairs || !table) return refuse('INVALID_PARAMETER_VALUE', `Invalid order_by entity: ${entity}`)
  return {
    keys: nullsLast(value, { kind: 'text', descending }),
    joins: [joined(table, ['owner', pairs.owner])],
  }
}
