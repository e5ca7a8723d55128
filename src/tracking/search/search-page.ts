import { type RawBuilder, sql } from 'kysely'
import { encodeToken, parseToken, refuseToken } from '../store/page-token.ts'
import type { Db } from '../store/store-context.ts'
import type { Tables } from '../store/tables.ts'
import type { Condition } from './search-conditions.ts'
import type { SearchOrder, SortKey } from './search-order.ts'

export interface SearchInput {
  readonly table: keyof Tables & string
  /** Further tables that conditions speak of. */
  readonly joins?: readonly RawBuilder<unknown>[]
  readonly where: readonly Condition[]
  readonly order: SearchOrder
  readonly size: number
  readonly pageToken?: string | undefined
}

/**
 * One page of a search, found by one statement. A page starts after the last row of the page before, whose place in
 * the order the token holds: so a page costs the same wherever it lies, and rows that come or go meanwhile move
 * nothing into the next page twice.
 *
 * @param Row the columns of `table`
 */
export async function searchPage<Row>(
  db: Db,
  { table, joins = [], where, order, size, pageToken }: SearchInput,
): Promise<{ rows: Row[]; nextPageToken?: string }> {
  const { keys } = order
  const after = pageToken ? [isAfter(keys, parsePlace(pageToken, keys))] : []
  const places = keys.map(({ value }, index) => sql`${value} as ${sql.ref(placeName(index))}`)
  const terms = keys.map(({ value, descending }) => sql`${value} ${sql.raw(descending ? 'desc' : 'asc')}`)
  const query = sql<Row & Record<string, unknown>>`
    select ${sql.table(table)}.*, ${sql.join(places)}
    from ${sql.table(table)} ${sql.join([...joins, ...order.joins], sql` `)}
    where ${sql.join([sql`true`, ...where, ...after], sql` and `)}
    order by ${sql.join(terms)} limit ${size + 1}`
  const { rows } = await query.execute(db)
  const last = rows[size - 1]
  if (rows.length <= size || !last) return { rows }
  const place = keys.map((_, index) => last[placeName(index)])
  return { rows: rows.slice(0, size), nextPageToken: encodeToken({ after: place }) }
}

type Place = readonly (number | string | null)[]

const placeName = (index: number): string => `place_${index}`

/** The place that a token holds, if it can be one in this order. */
function parsePlace(token: string, keys: readonly SortKey[]): Place {
  const { after } = parseToken(token)
  if (!Array.isArray(after) || after.length !== keys.length) return refuseToken()
  return keys.every(({ kind }, index) => fits(after[index], kind)) ? after : refuseToken()
}

function fits(value: unknown, kind: SortKey['kind']): boolean {
  if (value === null) return true
  if (kind === 'text') return typeof value === 'string' && !value.includes('\0')
  return kind === 'integer' ? Number.isSafeInteger(value) : typeof value === 'number'
}

/**
 * Rows that come after a place: equal in the first terms and beyond it in the next one. The bound on the first term
 * says nothing new, but an index can start there.
 */
function isAfter(keys: readonly SortKey[], place: Place): Condition {
  const cases = keys.flatMap((key, index) => {
    const value = place[index]
    // nothing comes after a missing value; the term before it tells missing from present
    if (value === null) return []
    const equal = keys.slice(0, index).map((before, at) => isEqual(before, place[at]!))
    return [sql`(${sql.join([...equal, isBeyond(key, value!)], sql` and `)})`]
  })
  if (cases.length === 0) return refuseToken()
  const [first] = keys
  const bound = sql`${first!.value} ${sql.raw(first!.descending ? '<=' : '>=')} ${place[0]}`
  return sql`${bound} and (${sql.join(cases, sql` or `)})`
}

function isEqual({ value }: SortKey, place: number | string | null): RawBuilder<unknown> {
  return place === null ? sql`${value} is null` : sql`${value} = ${place}`
}

function isBeyond({ value, descending }: SortKey, place: number | string): RawBuilder<unknown> {
  return sql`${value} ${sql.raw(descending ? '<' : '>')} ${place}`
}
