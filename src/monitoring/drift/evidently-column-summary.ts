import { type Column, columnOf, type Table } from '../../data/table.ts'
import { NEAR, type ReferenceTest } from './evidently-reference-test.ts'
import type { MetricSpec, MetricValue } from './evidently-shape.ts'
import type { EvidentlyType } from './evidently-types.ts'

/** A metric of a summary on both sides, and what is tested of it. */
export interface SummaryItem {
  readonly spec: MetricSpec
  readonly current: MetricValue
  /** Null without a reference. */
  readonly reference: MetricValue
  /** What the value is called in tests. */
  readonly title: string
  readonly tests: readonly ReferenceTest[]
}

/**
 * Evidently's `ValueStats` of a column: missing cells; of numbers least, greatest, mean, standard deviation (over
 * n − 1) and quartiles (linear between neighbours), NaN where there is none; of categories the rows by value.
 */
export function columnItems(
  name: string,
  input: {
    readonly type: EvidentlyType | undefined
    readonly current: Table
    readonly reference: Table | null
  },
): SummaryItem[] {
  const { type } = input
  const now = columnOf(input.current, name)
  const before = input.reference && columnOf(input.reference, name)
  const missing: SummaryItem = {
    ...itemOf('MissingValueCount', { column: name }, [missingOf(now), before && missingOf(before)]),
    title: `Column '${name}' missing values`,
    tests: [
      { ...NEAR, part: 'count' },
      { ...NEAR, part: 'share' },
    ],
  }
  if (type === 'cat')
    return [missing, itemOf('UniqueValueCount', { column: name }, [valueCounts(now, before), null])]
  return type === 'num' ? [missing, ...numberItems(name, now, before)] : [missing]
}

const NUMBERS = [
  ['MinValue', 'Minimal value', undefined, (sorted: Float64Array) => sorted[0] ?? Number.NaN],
  ['MaxValue', 'Maximum value', undefined, (sorted: Float64Array) => sorted.at(-1) ?? Number.NaN],
  ['MeanValue', 'Mean value', undefined, meanOf],
  ['StdValue', 'Std value', undefined, deviationOf],
  ...([0.25, 0.5, 0.75] as const).map(
    (quantile) =>
      [
        'QuantileValue',
        `Quantile ${quantile}`,
        quantile,
        (sorted: Float64Array) => quantileOf(sorted, quantile),
      ] as const,
  ),
] as const

function numberItems(name: string, now: Column, before: Column | null): SummaryItem[] {
  const [sorted, reference] = [sortedNumbers(now), before && sortedNumbers(before)]
  return NUMBERS.map(([type, title, quantile, statistic]) => ({
    ...itemOf(type, { column: name, ...(quantile !== undefined && { quantile }) }, [
      statistic(sorted),
      reference && statistic(reference),
    ]),
    title: `${title} of '${name}'`,
    tests: [NEAR],
  }))
}

function itemOf(
  type: string,
  fields: MetricSpec['fields'],
  [current, reference]: readonly [MetricValue, MetricValue],
): SummaryItem {
  // half is Evidently's default, and defaults are not in an identity
  const chosen = fields['quantile'] === 0.5 ? ['quantile'] : []
  const spec = { module: 'column_statistics', type, fields, chosen } as const
  return { spec, current, reference, title: '', tests: [] }
}

function missingOf(column: Column): MetricValue {
  const cells = column.kind === 'text' ? column.codes : column.values
  let count = 0
  for (const cell of cells) if (column.kind === 'text' ? cell < 0 : Number.isNaN(cell)) count++
  return { count, share: count / cells.length }
}

/**
 * Rows by value, values that only the other side has with 0. Texts and booleans have a value null, with 0 rows, where
 * either side misses one: so does Evidently.
 */
function valueCounts(column: Column, other: Column | null): MetricValue {
  const own = rowsByLabel(column)
  const labels = [...(other ? rowsByLabel(other).keys() : []), ...own.keys()]
  const counts = labels.map((label) => [label, own.get(label) ?? 0] as const)
  const rows = column.kind === 'text' ? column.codes.length : column.values.length
  const shares = counts.map(([label, count]) => [label, count / rows] as const)
  return { counts: Object.fromEntries(counts), shares: Object.fromEntries(shares) }
}

function rowsByLabel(column: Column): Map<string, number> {
  const byCell = new Map<number, number>()
  const cells: Iterable<number> = column.kind === 'text' ? column.codes : column.values
  for (const cell of cells) byCell.set(cell, (byCell.get(cell) ?? 0) + 1)
  const labels = new Map<string, number>()
  for (const [cell, count] of byCell) {
    const label = labelOf(column, cell)
    if (label !== undefined) labels.set(label, (labels.get(label) ?? 0) + count)
    else if (column.kind !== 'number') labels.set('null', labels.get('null') ?? 0)
  }
  return labels
}

function labelOf(column: Column, cell: number): string | undefined {
  if (column.kind === 'text') return column.categories[cell]
  if (Number.isNaN(cell)) return undefined
  return String(column.kind === 'boolean' ? cell === 1 : cell)
}

function sortedNumbers(column: Column): Float64Array {
  if (column.kind === 'text') return new Float64Array()
  return column.values.filter((value) => !Number.isNaN(value)).sort()
}

function meanOf(sorted: Float64Array): number {
  return sorted.reduce((sum, value) => sum + value, 0) / sorted.length
}

function deviationOf(sorted: Float64Array): number {
  if (sorted.length < 2) return Number.NaN
  const mean = meanOf(sorted)
  return Math.sqrt(sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (sorted.length - 1))
}

function quantileOf(sorted: Float64Array, share: number): number {
  const at = (sorted.length - 1) * share
  const [low, high] = [sorted[Math.floor(at)] ?? Number.NaN, sorted[Math.ceil(at)] ?? Number.NaN]
  return low === high ? low : low + (high - low) * (at - Math.floor(at))
}
