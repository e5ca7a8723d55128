import type { TextColumn } from '../data/table.ts'
import type { CodeOf } from './read-cell.ts'

/** A text column's categories kept for a model, and how often the rest came. */
export interface CategoryTable {
  /** Most frequent first; equal counts in code-unit order of the text. */
  readonly categories: readonly string[]
  /** How many categories there were, the kept ones included. */
  readonly distinct: number
  /** Rows that are not missing. */
  readonly present: number
  /** Rows of categories that were not kept. */
  readonly rareRows: number
}

/**
 * Counts a text column's categories and keeps the `limit` most frequent. The empty text is missing.
 * Cost O(rows + distinct log distinct).
 *
 * @example
 * const column = { name: 'a', kind: 'text', codes: Int32Array.of(0, 1, 1, -1), categories: ['x', 'y'] } as const
 * categoryTable(column, 10).categories // ['y', 'x']
 */
export function categoryTable({ codes, categories }: TextColumn, limit: number): CategoryTable {
  const counts = new Uint32Array(categories.length)
  for (const code of codes) if (code >= 0) counts[code]! += 1
  const found = [...categories.keys()].filter((code) => counts[code]! > 0 && categories[code] !== '')
  found.sort((a, b) => counts[b]! - counts[a]! || (categories[a]! < categories[b]! ? -1 : 1))
  const rowsOf = (some: readonly number[]): number => some.reduce((sum, code) => sum + counts[code]!, 0)
  return {
    categories: found.slice(0, limit).map((code) => categories[code]!),
    distinct: found.length,
    present: rowsOf(found),
    rareRows: rowsOf(found.slice(limit)),
  }
}

/** Each row's code by `codeOf`; NaN where the text is missing. */
export function codesIn({ codes, categories }: TextColumn, codeOf: CodeOf): Float64Array {
  const ofCategory = Float64Array.from(categories, codeOf)
  return Float64Array.from(codes, (code) => (code < 0 ? Number.NaN : ofCategory[code]!))
}
