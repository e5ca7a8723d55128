import type { TextColumn } from '../../data/table.ts'

/** How often each text of a column is there; the texts differ. */
export interface TextCounts {
  readonly texts: readonly string[]
  readonly counts: ArrayLike<number>
  readonly missing: number
}

/** Categories with a count of their own at most; the rest share the last one. */
export const MOST_CATEGORIES = 100
/** Rows that a category must have for a count of its own: fewer say nothing about a change. */
export const FEWEST_ROWS = 5

/** Counts the texts of a column. Cost O(rows). */
export function textCountsOf({ codes, categories }: Pick<TextColumn, 'codes' | 'categories'>): TextCounts {
  const counts = new Float64Array(categories.length)
  let missing = 0
  for (const code of codes) {
    if (code < 0) missing += 1
    else counts[code]! += 1
  }
  return { texts: categories, counts, missing }
}

/**
 * The 100 most frequent texts with at least five rows, by falling number of rows, equal ones by name, so that the order
 * of the rows does not matter. Cost O(texts), and a sort of those with enough rows.
 */
export function frequentTexts({ texts, counts }: Omit<TextCounts, 'missing'>): string[] {
  const places: number[] = []
  for (let i = 0; i < texts.length; i++) if (counts[i]! >= FEWEST_ROWS) places.push(i)
  return places
    .sort((a, b) => counts[b]! - counts[a]! || (texts[a]! < texts[b]! ? -1 : 1))
    .slice(0, MOST_CATEGORIES)
    .map((place) => texts[place]!)
}
