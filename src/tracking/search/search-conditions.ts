import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { refuse } from '../protocol/refusal.ts'
import type { PairTable } from '../store/tables.ts'
import type { Operator, SearchClause } from './search-filter.ts'

/** An attribute that may be searched: its column, and whether it holds texts, numbers, or numbers that are read as texts. */
export interface SearchAttribute {
  readonly column: string
  readonly kind: 'text' | 'number' | 'id'
  /** IN and NOT IN are allowed. */
  readonly list?: true
  /** The column may be empty. */
  readonly nullable?: true
}

export type SearchAttributes = Readonly<Record<string, SearchAttribute>>
export type Condition = RawBuilder<SqlBool>

/** The condition of a clause on an attribute. */
export function attributeCondition(attributes: SearchAttributes, clause: SearchClause): Condition {
  const attribute = attributeOf(attributes, clause.key)
  const column = sql.ref(attribute.column)
  if (attribute.kind === 'number') return compare(column, clause.operator, numberOf(clause, NUMBER_OPERATORS))
  if (Array.isArray(clause.value) && !attribute.list) {
    const known = Object.keys(attributes).filter((key) => attributes[key]?.list)
    const rule = 'attributes support comparison with a list of quoted string values.'
    refuse('INVALID_PARAMETER_VALUE', `Only ['${known.join("', '")}'] ${rule}`)
  }
  const text = attribute.kind === 'id' ? sql`cast(${column} as text)` : column
  return compare(text, clause.operator, textOf(clause, [...TEXT_OPERATORS, 'IN', 'NOT IN']))
}

export function attributeOf(attributes: SearchAttributes, key: string): SearchAttribute {
  if (Object.hasOwn(attributes, key)) return attributes[key]!
  const known = Object.keys(attributes).join("', '")
  return refuse(
    'INVALID_PARAMETER_VALUE',
    `Invalid attribute key '${key}' specified. Valid keys are '['${known}']'`,
  )
}

/** A clause on a tag or parameter of the row `owner`; without the key only IS NULL holds. */
export function pairCondition(table: PairTable, owner: string, clause: SearchClause): Condition {
  const { operator, key } = clause
  const rows = sql`select 1 from ${sql.table(table)} where owner = ${sql.ref(owner)} and key = ${key}`
  if (operator === 'IS NULL') return sql<SqlBool>`not exists (${rows})`
  if (operator === 'IS NOT NULL') return sql<SqlBool>`exists (${rows})`
  const value = textOf(clause, [...TEXT_OPERATORS, 'IS NULL', 'IS NOT NULL'])
  return sql<SqlBool>`exists (${rows} and ${compare(sql.ref('value'), operator, value)})`
}

/** A clause on the latest value of a metric of the run. NaN is unequal to every number and fits nothing else. */
export function metricCondition(run: string, clause: SearchClause): Condition {
  const fits = compare(sql.ref('value'), clause.operator, numberOf(clause, NUMBER_OPERATORS))
  const matching = clause.operator === '!=' ? sql`(${fits} or is_nan = 1)` : sql`(${fits} and is_nan = 0)`
  const rows = sql`select 1 from latest_metrics where run = ${sql.ref(run)} and key = ${clause.key}`
  return sql<SqlBool>`exists (${rows} and ${matching})`
}

/** `column operator value`, with everything that came from outside as a bound value. */
export function compare(
  column: RawBuilder<unknown>,
  operator: Operator,
  value: SearchClause['value'],
): Condition {
  if (operator === 'IN' || operator === 'NOT IN') {
    return sql<SqlBool>`${column} ${sql.raw(operator)} (${sql.join(value as readonly string[])})`
  }
  // the connection's LIKE tells upper from lower case
  if (operator === 'LIKE') return sql<SqlBool>`${column} like ${pattern(value)}`
  if (operator === 'ILIKE') return sql<SqlBool>`lower(${column}) like ${pattern(asciiLower(value))}`
  // PostgreSQL would read a number for a column of integers as an integer, which 1.5 is not
  const given = typeof value === 'number' ? sql`cast(${value} as double precision)` : value
  return sql<SqlBool>`${column} ${sql.raw(operator)} ${given}`
}

/** A pattern in which only `%` and `_` mean something: PostgreSQL escapes by `\\` unless told another sign. */
function pattern(value: SearchClause['value']): RawBuilder<unknown> {
  return sql`${String(value).replaceAll(NO_SIGN, NO_SIGN + NO_SIGN)} escape ${sql.lit(NO_SIGN)}`
}

/** A sign that no pattern needs. */
const NO_SIGN = '\u0001'

/** Both databases lower ASCII letters alone. */
function asciiLower(value: SearchClause['value']): string {
  return String(value).replace(/[A-Z]/g, (letter) => letter.toLowerCase())
}

export function textOf(clause: SearchClause, operators: readonly Operator[]): string | readonly string[] {
  checkOperator(clause.operator, operators)
  const { value } = clause
  if (typeof value === 'string' || Array.isArray(value)) return value
  const shown = `${clause.entity} (e.g. 'my-value'). Got value ${value}`
  return refuse('INVALID_PARAMETER_VALUE', `Expected a quoted string value for ${shown}`)
}

export function numberOf(clause: SearchClause, operators: readonly Operator[]): number {
  checkOperator(clause.operator, operators)
  if (typeof clause.value === 'number') return clause.value
  const subject = clause.entity === 'metric' ? 'metric' : `numeric attribute: ${clause.key}`
  return refuse(
    'INVALID_PARAMETER_VALUE',
    `Expected numeric value type for ${subject}. Found ${clause.value}`,
  )
}

export const TEXT_OPERATORS: readonly Operator[] = ['=', '!=', 'LIKE', 'ILIKE']
export const NUMBER_OPERATORS: readonly Operator[] = ['>', '>=', '!=', '=', '<', '<=']

function checkOperator(operator: Operator, allowed: readonly Operator[]): void {
  if (allowed.includes(operator)) return
  refuse('INVALID_PARAMETER_VALUE', `Invalid comparator '${operator}' not one of '${allowed.join(', ')}'`)
}
