import type { Column, Table } from '../../data/table.ts'

/** What Evidently takes a column for. `unknown` and `datetime` are not compared. */
export type EvidentlyType = 'num' | 'cat' | 'text' | 'datetime' | 'unknown'

/** Columns whose type is said, not inferred. A list that is given takes the place of inference for its type. */
export interface DataDefinition {
  readonly numericalColumns?: readonly string[]
  readonly categoricalColumns?: readonly string[]
  readonly textColumns?: readonly string[]
}

/** Whole numbers of at most so many values are categories. */
const WHOLE_NUMBER_CATEGORIES = 10

/**
 * The types of a table's columns as Evidently 0.7.23 infers them from a pandas data frame of the same file:
 * numbers `num`, but whole numbers without a missing value of at most ten different ones `cat`; texts `text` where
 * more than half of the present ones differ, else `cat`; booleans `cat`; timestamps `datetime`. Booleans with a
 * missing value, texts that are all missing, dates and times of day are `unknown`. A table does not say whether
 * numbers were stored as whole ones; the values decide. `definition` overrules.
 *
 * @example
 * const values = Float64Array.of(1, 2, 2)
 * evidentlyTypes({ rowCount: 3, columns: [{ name: 'k', kind: 'number', values }] }).get('k') // 'cat'
 */
export function evidentlyTypes(table: Table, definition: DataDefinition = {}): Map<string, EvidentlyType> {
  const types = saidTypes(definition)
  const listed = new Set(types.values())
  for (const column of table.columns) {
    if (types.has(column.name)) continue
    const type = inferredType(column)
    types.set(column.name, listed.has(type) ? 'unknown' : type)
  }
  return types
}

/** The names that Evidently compares, in its order: numbers, categories, texts; each in the table's order. */
export function comparedNames(types: ReadonlyMap<string, EvidentlyType>): string[] {
  return (['num', 'cat', 'text'] as const).flatMap((wanted) => namesOfType(types, wanted))
}

/** The columns of one type, in the table's order. */
export function namesOfType(types: ReadonlyMap<string, EvidentlyType>, wanted: EvidentlyType): string[] {
  return [...types].filter(([, type]) => type === wanted).map(([name]) => name)
}

function saidTypes(definition: DataDefinition): Map<string, EvidentlyType> {
  const { numericalColumns = [], categoricalColumns = [], textColumns = [] } = definition
  return new Map<string, EvidentlyType>([
    ...textColumns.map((name) => [name, 'text'] as const),
    ...categoricalColumns.map((name) => [name, 'cat'] as const),
    ...numericalColumns.map((name) => [name, 'num'] as const),
  ])
}

function inferredType(column: Column): EvidentlyType {
  if (column.kind === 'text') return textType(column.codes)
  if (column.kind === 'timestamp') return 'datetime'
  if (column.kind === 'date' || column.kind === 'time') return 'unknown'
  if (column.kind === 'boolean') return column.values.includes(Number.NaN) ? 'unknown' : 'cat'
  return holdsWholeNumbers(column.values) && differAtMost(column.values, WHOLE_NUMBER_CATEGORIES)
    ? 'cat'
    : 'num'
}

/** Whether pandas would have stored the values as integers: all whole, none missing or infinite. */
export function holdsWholeNumbers(values: Float64Array): boolean {
  return values.every(Number.isInteger)
}

/** Whether there are at most `limit` different values; NaN is none. Stops at the first beyond. */
export function differAtMost(values: Float64Array, limit: number): boolean {
  const seen = new Set<number>()
  for (const value of values) {
    if (Number.isNaN(value)) continue
    seen.add(value)
    if (seen.size > limit) return false
  }
  return true
}

function textType(codes: Int32Array): EvidentlyType {
  const seen = new Set<number>()
  let present = 0
  for (const code of codes) {
    if (code < 0) continue
    present++
    seen.add(code)
  }
  if (present === 0) return 'unknown'
  return seen.size > 0.5 * present ? 'text' : 'cat'
}
