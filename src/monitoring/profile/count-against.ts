import type { Column, NumberColumn, Table, TextColumn } from '../../data/table.ts'
import { countInBins } from './bins.ts'
import {
  type CategoryProfile,
  type ColumnProfile,
  type NumberProfile,
  type Profile,
  presentRows,
} from './profile.ts'

/**
 * Counts a table in the bins and categories of a reference profile. A column that the table lacks is left out;
 * one that the reference lacks, or whose type has changed, keeps only its numbers of present and missing rows.
 * A column without any value, on either side, takes the other's type. Parts add up with `mergeProfiles`.
 * Cost O(rows) a column.
 */
export function countAgainst(reference: Profile, table: Table): Profile {
  const layouts = new Map(reference.columns.map((column) => [column.name, column]))
  const columns = table.columns.map((column) => {
    const layout = layouts.get(column.name)
    return layout && fits(layout, column) ? countColumn(layout, column) : countPresence(column, layout)
  })
  return { ...reference, rows: table.rowCount, columns }
}

/** Counts a column of the layout's own type. */
export function countColumn(layout: ColumnProfile, column: Column): ColumnProfile {
  if (layout.type === 'cat') return countTexts(layout, column as TextColumn)
  return countNumbers(layout, column as NumberColumn)
}

export function typeOf({ kind }: Pick<Column, 'kind'>): ColumnProfile['type'] {
  if (kind === 'text') return 'cat'
  return kind === 'timestamp' || kind === 'date' ? 'datetime' : 'num'
}

function fits(layout: ColumnProfile, column: Column): boolean {
  return layout.type === typeOf(column)
}

function countNumbers(layout: NumberProfile, { kind, values }: NumberColumn): NumberProfile {
  const counts = [...countInBins(values, layout.cuts)]
  const missing = counts.pop()!
  let infinite = 0
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const value of values) {
    if (Number.isFinite(value)) {
      if (value < min) min = value
      if (value > max) max = value
    } else if (!Number.isNaN(value)) infinite += 1
  }
  const range = min <= max ? { min, max } : { min: null, max: null }
  return { ...layout, kind, counts, missing, infinite, ...range }
}

function countTexts(layout: CategoryProfile, { codes, categories }: TextColumn): CategoryProfile {
  const bins = new Map(layout.categories.map((category, bin) => [category, bin]))
  const binOf = Int32Array.from(categories, (category) => bins.get(category) ?? layout.categories.length)
  const counts = new Array<number>(layout.categories.length + 1).fill(0)
  let missing = 0
  for (const code of codes) {
    if (code < 0) missing += 1
    else counts[binOf[code]!]! += 1
  }
  return { ...layout, counts, missing }
}

/** Only how many rows have a value; in the layout's bins where the column or the layout has none at all. */
function countPresence(column: Column, layout: ColumnProfile | undefined): ColumnProfile {
  const present = countPresent(column)
  const missing = (column.kind === 'text' ? column.codes : column.values).length - present
  if (layout && (present === 0 || presentRows(layout) === 0)) {
    const counts = layout.counts.map((_, bin) => (bin === layout.counts.length - 1 ? present : 0))
    return { ...layout, counts, missing }
  }
  const { name, kind } = column
  const counts = [present]
  if (column.kind === 'text') return { type: 'cat', name, kind, categories: [], counts, missing }
  return {
    type: typeOf(column) as 'num',
    name,
    kind,
    cuts: [],
    counts,
    missing,
    infinite: 0,
    min: null,
    max: null,
  }
}

function countPresent(column: Column): number {
  if (column.kind === 'text') return column.codes.reduce((sum, code) => sum + (code < 0 ? 0 : 1), 0)
  return column.values.reduce((sum, value) => sum + (Number.isNaN(value) ? 0 : 1), 0)
}
