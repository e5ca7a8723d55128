import { FdsError } from '../../errors.ts'

/** A column of numbers (or of times, which are only counted): rows by bin, and what lies outside. */
export interface NumberProfile {
  readonly type: 'num' | 'datetime'
  readonly name: string
  /** The column's kind in the table: number, boolean, time, timestamp or date. */
  readonly kind: string
  /** Bin i holds the values in (cut i−1, cut i]; the last one those above every cut. */
  readonly cuts: readonly number[]
  readonly counts: readonly number[]
  readonly missing: number
  /** How many of the counted values are infinite. */
  readonly infinite: number
  /** The finite range; null where there is no finite value. */
  readonly min: number | null
  readonly max: number | null
}

/** A column of texts: rows by category; the last count is of every other text. */
export interface CategoryProfile {
  readonly type: 'cat'
  readonly name: string
  readonly kind: string
  readonly categories: readonly string[]
  readonly counts: readonly number[]
  readonly missing: number
}

export type ColumnProfile = NumberProfile | CategoryProfile

/** What a table looks like, small enough to save with the model: plain JSON, and parts of it add up. */
export interface Profile {
  readonly format: 'fds-profile'
  readonly version: 1
  readonly rows: number
  readonly columns: readonly ColumnProfile[]
}

/** The rows that have a value. */
export function presentRows({ counts }: ColumnProfile): number {
  return counts.reduce((sum, count) => sum + count, 0)
}

/**
 * Reads a profile that was saved as JSON. PROFILE_INVALID for another format or version, or for counts that do
 * not fit the bins or the rows.
 *
 * @example
 * parseProfile({ format: 'fds-profile', version: 1, rows: 0, columns: [] }).rows // 0
 */
export function parseProfile(json: unknown): Profile {
  const profile = json as Profile
  if (profile?.format !== 'fds-profile') refuse('it must have the format "fds-profile"')
  if (profile.version !== 1) refuse(`it must have version 1, got ${profile.version}`)
  if (!Array.isArray(profile.columns) || !isCount(profile.rows)) refuse('it must have rows and columns')
  for (const column of profile.columns) checkColumn(column, profile.rows)
  return profile
}

/**
 * Adds the counts of two parts of one window that were counted against the same reference. PROFILE_INVALID where
 * columns, bins or categories differ.
 */
export function mergeProfiles(a: Profile, b: Profile): Profile {
  if (a.columns.length !== b.columns.length) refuse('the parts must have the same columns')
  const columns = a.columns.map((column, i) => mergeColumns(column, b.columns[i]!))
  return { ...a, rows: a.rows + b.rows, columns }
}

/** Whether two columns were counted in the same bins or categories. */
export function haveOneLayout(a: ColumnProfile, b: ColumnProfile): boolean {
  return a.type === b.type && String(edgesOf(a)) === String(edgesOf(b)) && a.counts.length === b.counts.length
}

function mergeColumns(a: ColumnProfile, b: ColumnProfile): ColumnProfile {
  if (a.name !== b.name || !haveOneLayout(a, b)) {
    refuse(`the parts must count "${a.name}" in the same bins, got "${b.name}"`)
  }
  const counts = a.counts.map((count, i) => count + b.counts[i]!)
  const missing = a.missing + b.missing
  if (a.type === 'cat' || b.type === 'cat') return { ...a, counts, missing }
  const infinite = a.infinite + b.infinite
  return {
    ...a,
    counts,
    missing,
    infinite,
    min: extreme(Math.min, a.min, b.min),
    max: extreme(Math.max, a.max, b.max),
  }
}

function extreme(pick: (a: number, b: number) => number, a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : pick(a, b)
}

function edgesOf(column: ColumnProfile): string {
  return JSON.stringify(column.type === 'cat' ? column.categories : column.cuts)
}

function checkColumn(column: ColumnProfile, rows: number): void {
  const edges = column?.type === 'cat' ? column.categories : column?.cuts
  const isKnown = ['num', 'datetime', 'cat'].includes(column?.type) && typeof column.name === 'string'
  if (!isKnown || !Array.isArray(edges) || !Array.isArray(column.counts))
    refuse('a column must have bins and counts')
  if (column.counts.length !== edges.length + 1 || ![...column.counts, column.missing].every(isCount)) {
    refuse(`column "${column.name}" must have ${edges.length + 1} counts`)
  }
  const counted = presentRows(column) + column.missing
  if (counted !== rows) refuse(`column "${column.name}" must count ${rows} rows, got ${counted}`)
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function refuse(reason: string): never {
  throw new FdsError('PROFILE_INVALID', { reason })
}
