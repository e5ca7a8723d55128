import { type Column, columnOf, type NumberColumn, type Table, type TextColumn } from '../../data/table.ts'
import { binCuts } from './bins.ts'
import { countColumn } from './count-against.ts'
import type { ColumnProfile, Profile } from './profile.ts'

/** Categories with a count of their own at most; the rest share the last one. */
const MOST_CATEGORIES = 30
/** Rows that a category must have for a count of its own: fewer say nothing about a change. */
const FEWEST_ROWS = 5

/**
 * Profiles a table: numbers by deciles (or one bin a value where there are at most ten), texts by their 30 most
 * frequent categories with at least five rows and a tail, times by their range. Columns in the given order, all
 * unless given. COLUMN_MISSING. Cost O(rows log rows) a column.
 *
 * @example
 * const table = { rowCount: 2, columns: [{ name: 'a', kind: 'number', values: Float64Array.of(1, 2) }] }
 * buildProfile(table).columns[0].counts // [ 0, 1, 1, 0 ]
 */
export function buildProfile(table: Table, columns?: readonly string[]): Profile {
  const chosen = columns ? columns.map((name) => columnOf(table, name)) : table.columns
  const profiled = chosen.map((column) => countColumn(emptyProfile(column), column))
  return { format: 'fds-profile', version: 1, rows: table.rowCount, columns: profiled }
}

/** A column's bins or categories, without counts. */
function emptyProfile(column: Column): ColumnProfile {
  const { name, kind } = column
  if (column.kind === 'text') {
    const categories = frequentCategories(column)
    return {
      type: 'cat',
      name,
      kind,
      categories,
      counts: new Array(categories.length + 1).fill(0),
      missing: 0,
    }
  }
  const isTime = kind === 'timestamp' || kind === 'date'
  const cuts = isTime ? [] : binCuts((column as NumberColumn).values, 10)
  const counts = new Array<number>(cuts.length + 1).fill(0)
  const type = isTime ? 'datetime' : 'num'
  return { type, name, kind, cuts, counts, missing: 0, infinite: 0, min: null, max: null }
}

/** By falling number of rows, equal ones by name, so that the order of the rows does not matter. */
function frequentCategories({ codes, categories }: TextColumn): string[] {
  const counts = new Float64Array(categories.length)
  for (const code of codes) if (code >= 0) counts[code]! += 1
  return categories
    .map((category, code) => ({ category, count: counts[code]! }))
    .filter(({ count }) => count >= FEWEST_ROWS)
    .sort((a, b) => b.count - a.count || (a.category < b.category ? -1 : 1))
    .slice(0, MOST_CATEGORIES)
    .map(({ category }) => category)
}
