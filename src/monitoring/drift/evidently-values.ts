import type { Column } from '../../data/table.ts'
import { byCodePoint } from './evidently-fingerprint.ts'
import { holdsWholeNumbers } from './evidently-types.ts'

/** The values of a column that are there. */
export type Values =
  | { readonly kind: 'numbers'; readonly values: Float64Array; readonly areWhole: boolean }
  | { readonly kind: 'texts'; readonly counts: ReadonlyMap<string, number>; readonly rows: number }

/** How often each value of either side occurs. */
export interface ValueCounts {
  readonly keys: readonly (string | number)[]
  readonly reference: Float64Array
  readonly current: Float64Array
}

/**
 * The values without missing ones. Infinities go too, but for `keepInfinities` where no number is missing:
 * Evidently counts drifted columns over data so cleaned and scores a column over the others.
 */
export function presentValues(
  column: Column,
  { keepInfinities = false }: { readonly keepInfinities?: boolean } = {},
): Values {
  if (column.kind === 'text') return presentTexts(column)
  const { values } = column
  const areWhole = holdsWholeNumbers(values)
  const isClean = areWhole || (keepInfinities ? !values.some(Number.isNaN) : values.every(Number.isFinite))
  return { kind: 'numbers', values: isClean ? values : values.filter(Number.isFinite), areWhole }
}

/** Whether the column holds infinities and no missing value, so that Evidently's two ways part. */
export function hasOnlyInfinities(column: Column): boolean {
  if (column.kind === 'text') return false
  const isInfinite = (value: number): boolean => Math.abs(value) === Number.POSITIVE_INFINITY
  return column.values.some(isInfinite) && !column.values.some(Number.isNaN)
}

/** The number of values. */
export function rowsOf(values: Values): number {
  return values.kind === 'numbers' ? values.values.length : values.rows
}

/** How many values differ, counted no further than `limit` + 1. */
export function distinctCount(sides: readonly Values[], limit: number): number {
  const seen = new Set<string | number>()
  for (const side of sides) {
    for (const key of side.kind === 'numbers' ? side.values : side.counts.keys()) {
      seen.add(key)
      if (seen.size > limit) return seen.size
    }
  }
  return seen.size
}

/** Counts by value, in order of first appearance, the reference's first. */
export function countValues(reference: Values, current: Values): ValueCounts {
  const indexOf = new Map<string | number, number>()
  const counts: [number[], number[]] = [[], []]
  const add = (side: 0 | 1, key: string | number, count: number): void => {
    let index = indexOf.get(key)
    if (index === undefined) {
      index = indexOf.size
      indexOf.set(key, index)
      counts[0].push(0)
      counts[1].push(0)
    }
    counts[side][index]! += count
  }
  for (const [side, values] of [reference, current].entries()) {
    if (values.kind === 'numbers') for (const value of values.values) add(side as 0 | 1, value, 1)
    else for (const [text, count] of values.counts) add(side as 0 | 1, text, count)
  }
  const [before, after] = counts
  return {
    keys: [...indexOf.keys()],
    reference: Float64Array.from(before),
    current: Float64Array.from(after),
  }
}

/** The first value in Python's order; null for numbers beside texts, which have none. */
export function leastKey(keys: readonly (string | number)[]): string | number | null {
  if (keys.some((key) => typeof key !== typeof keys[0])) return null
  return keys.reduce((least, key) => (isBefore(key, least) ? key : least))
}

function isBefore(a: string | number, b: string | number): boolean {
  if (typeof a === 'number') return a < (b as number)
  return byCodePoint(a, b as string) < 0
}

function presentTexts(column: Extract<Column, { kind: 'text' }>): Values {
  const byCode = new Float64Array(column.categories.length)
  let rows = 0
  for (const code of column.codes) {
    if (code < 0) continue
    byCode[code]!++
    rows++
  }
  const counts = new Map<string, number>()
  column.categories.forEach((text, code) => {
    if (byCode[code]! > 0) counts.set(text, byCode[code]!)
  })
  return { kind: 'texts', counts, rows }
}
