import type { Column, NumberColumn, Table } from '../../data/table.ts'
import { countInBins } from './bins.ts'
import { DistinctEstimate } from './distinct-estimate.ts'
import { summarize } from './number-summary.ts'
import {
  type CategoryProfile,
  type ColumnProfile,
  type NumberProfile,
  type Profile,
  presentRows,
} from './profile.ts'
import { type TextCounts, textCountsOf } from './text-counts.ts'

/**
 * Counts a table in the bins and categories of a reference profile. A column that the table lacks is left out;
 * one that the reference lacks, or whose type has changed, keeps only its numbers of present and missing rows.
 * A column without any value, on either side, takes the other's type. Parts add up with `mergeProfiles`.
 * Cost O(rows) a column.
 */
export function countAgainst(reference: Profile, table: Table): Profile {
  const layouts = new Map(reference.columns.map((column) => [column.name, column]))
  const columns = table.columns.map((column) =>
    column.kind === 'text'
      ? countTextColumn(layouts.get(column.name), column.name, textCountsOf(column))
      : countNumberColumn(layouts.get(column.name), column),
  )
  const { scores: _, ...shape } = reference
  return { ...shape, rows: table.rowCount, columns }
}

/** Counts texts in the bins of whatever the reference has under that name. */
export function countTextColumn(
  layout: ColumnProfile | undefined,
  name: string,
  texts: TextCounts,
): ColumnProfile {
  if (layout?.type === 'cat') return countTexts(layout, texts)
  const alone = countTexts({ name, categories: [] }, texts)
  return inEmptyLayout(layout, alone) ?? alone
}

function countNumberColumn(layout: ColumnProfile | undefined, column: NumberColumn): ColumnProfile {
  const type = typeOf(column)
  if (layout !== undefined && layout.type === type) {
    const counted = countNumbers(layout as NumberProfile, column)
    return { ...counted, ...outsideOf(layout as NumberProfile, counted, column.values) }
  }
  const alone = countNumbers({ type, name: column.name, cuts: [] }, column)
  return inEmptyLayout(layout, alone) ?? alone
}

export function typeOf({ kind }: Pick<NumberColumn, 'kind'>): NumberProfile['type']
export function typeOf({ kind }: Pick<Column, 'kind'>): ColumnProfile['type']
export function typeOf({ kind }: Pick<Column, 'kind'>): ColumnProfile['type'] {
  if (kind === 'text') return 'cat'
  return kind === 'timestamp' || kind === 'date' ? 'datetime' : 'num'
}

/** Counts numbers in the layout's bins. */
export function countNumbers(
  { type, name, cuts }: Pick<NumberProfile, 'type' | 'name' | 'cuts'>,
  { kind, values }: NumberColumn,
): NumberProfile {
  const counts = [...countInBins(values, cuts)]
  counts.pop()
  const summary = summarize(values)
  // a mean of times says nothing
  const noMoments = type === 'datetime' && { mean: null, m2: null }
  return { type, name, kind, cuts, counts, ...summary, ...noMoments }
}

/** The finite values beyond the layout's range; values are looked at only where the counted range is the wider one. */
function outsideOf(
  layout: NumberProfile,
  counted: NumberProfile,
  values: Float64Array,
): Pick<NumberProfile, 'outside'> {
  const [from, to] = [layout.min, layout.max]
  if (from === null || to === null || counted.min === null) return {}
  if (counted.min >= from && counted.max! <= to) return {}
  let outside = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if ((value < from || value > to) && Number.isFinite(value)) outside += 1
  }
  return { outside }
}

/** Counts texts in the layout's categories. */
export function countTexts(
  { name, categories }: Pick<CategoryProfile, 'name' | 'categories'>,
  { texts, counts: rows, missing }: TextCounts,
): CategoryProfile {
  const bins = new Map(categories.map((category, bin) => [category, bin]))
  const counts = new Array<number>(categories.length + 1).fill(0)
  const estimate = new DistinctEstimate()
  for (let i = 0; i < texts.length; i++) {
    if (rows[i] === 0) continue
    counts[bins.get(texts[i]!) ?? categories.length]! += rows[i]!
    estimate.add(texts[i]!)
  }
  const distinct = Math.round(estimate.count)
  return {
    type: 'cat',
    name,
    kind: 'text',
    categories,
    counts,
    missing,
    distinct,
    registers: estimate.toJSON(),
  }
}

/** A column in the reference's bins although its type is another, where one of the two has no value at all. */
function inEmptyLayout(layout: ColumnProfile | undefined, alone: ColumnProfile): ColumnProfile | undefined {
  const present = presentRows(alone)
  if (layout === undefined || (present > 0 && presentRows(layout) > 0)) return undefined
  const counts = layout.counts.map((_, bin) => (bin === layout.counts.length - 1 ? present : 0))
  const { missing } = alone
  if (layout.type === 'cat') {
    const { distinct, registers } = countTexts(layout, { texts: [], counts: [], missing })
    return { ...layout, counts, missing, distinct, registers }
  }
  const { sketch: _, ...bins } = layout
  return { ...bins, counts, ...summarize(new Float64Array()), missing }
}
