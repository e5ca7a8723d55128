import type { NumberSummary } from './number-summary.ts'
import type { QuantileSketch } from './quantile-sketch.ts'

/** A column of numbers (or of times, which are only counted): rows by bin, and what lies outside. */
export interface NumberProfile extends NumberSummary {
  readonly type: 'num' | 'datetime'
  readonly name: string
  /** The column's kind in the table: number, boolean, time, timestamp or date. */
  readonly kind: string
  /** Bin i holds the values in (cut i−1, cut i]; the last one those above every cut. */
  readonly cuts: readonly number[]
  /** Infinite values are in the outer bins. */
  readonly counts: readonly number[]
  /** Finite values beyond the range of the reference that they were counted against, where there are any. */
  readonly outside?: number
  /** Of the finite values of a reference; data that were counted against one have none, nor have times. */
  readonly sketch?: QuantileSketch
}

/** A column of texts: rows by category; the last count is of every other text. */
export interface CategoryProfile {
  readonly type: 'cat'
  readonly name: string
  readonly kind: string
  readonly categories: readonly string[]
  readonly counts: readonly number[]
  readonly missing: number
  /** How many texts differ, about 3 % off. */
  readonly distinct: number
  /** What the estimate is made from, so that parts add up. */
  readonly registers: string
}

export type ColumnProfile = NumberProfile | CategoryProfile

/** What a table looks like, small enough to save with the model: plain JSON, and parts of it add up. */
export interface Profile {
  readonly format: 'fds-profile'
  readonly version: 2
  readonly rows: number
  readonly columns: readonly ColumnProfile[]
  /** A model's scores of data of its kind, for its own profile; no column of the data. */
  readonly scores?: NumberProfile
}

/** The rows that have a value. */
export function presentRows({ counts }: ColumnProfile): number {
  return counts.reduce((sum, count) => sum + count, 0)
}

/** Whether two columns were counted in the same bins or categories. */
export function haveOneLayout(a: ColumnProfile, b: ColumnProfile): boolean {
  const [edges, others] = [edgesOf(a), edgesOf(b)]
  return a.type === b.type && edges.length === others.length && edges.every((edge, i) => edge === others[i])
}

function edgesOf(column: ColumnProfile): readonly (string | number)[] {
  return column.type === 'cat' ? column.categories : column.cuts
}
