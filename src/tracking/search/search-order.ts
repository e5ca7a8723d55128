import { type RawBuilder, sql } from 'kysely'
import { refuse } from '../protocol/refusal.ts'
import type { PairTable } from '../store/tables.ts'
import { attributeOf, type SearchAttributes } from './search-conditions.ts'
import { parseOrderBy, type SearchEntity } from './search-filter.ts'

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
 * The ORDER BY terms of a search. Missing values come last in both directions, NaN before them; of a field named
 * twice the first counts. At most 16 entries.
 */
export function orderTerms(orderBy: readonly string[], targets: OrderTargets): RawBuilder<unknown>[] {
  if (orderBy.length > MOST_ENTRIES) {
    refuse(
      'INVALID_PARAMETER_VALUE',
      `order_by may have at most ${MOST_ENTRIES} entries, got ${orderBy.length}`,
    )
  }
  const seen = new Set<string>()
  return [...orderBy, ...targets.ties].flatMap((entry) => {
    const { entity, key, descending } = parseOrderBy(entry)
    const field = `${entity}.${entity === 'attribute' ? attributeOf(targets.attributes, key).column : key}`
    if (seen.has(field)) return []
    seen.add(field)
    return termsFor(targets, { entity, key }, sql.raw(descending ? 'desc' : 'asc'))
  })
}

const MOST_ENTRIES = 16

function termsFor(
  { attributes, pairs, metrics }: OrderTargets,
  { entity, key }: { entity: SearchEntity; key: string },
  direction: RawBuilder<unknown>,
): RawBuilder<unknown>[] {
  if (entity === 'attribute') return nullsLast(sql.ref(attributeOf(attributes, key).column), direction)
  if (entity === 'metric' && metrics !== undefined) {
    const latest = sql`from latest_metrics where run = ${sql.ref(metrics)} and key = ${key}`
    // 0 a number, 1 NaN, 2 no such metric
    return [sql`coalesce((select is_nan ${latest}), 2)`, sql`(select value ${latest}) ${direction}`]
  }
  const table = entity === 'tag' ? pairs?.tag : entity === 'parameter' ? pairs?.parameter : undefined
  if (!pairs || !table) return refuse('INVALID_PARAMETER_VALUE', `Invalid order_by entity: ${entity}`)
  const value = sql`(select value from ${sql.table(table)} where owner = ${sql.ref(pairs.owner)} and key = ${key})`
  return nullsLast(value, direction)
}

function nullsLast(value: RawBuilder<unknown>, direction: RawBuilder<unknown>): RawBuilder<unknown>[] {
  return [sql`${value} is null`, sql`${value} ${direction}`]
}
