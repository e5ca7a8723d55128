import {
  type CategoryProfile,
  type ColumnProfile,
  type NumberProfile,
  presentRows,
} from '../profile/profile.ts'
import { FEWEST_ROWS, MOST_CATEGORIES } from '../profile/text-counts.ts'
import type { LookedAt } from './looked-at.ts'
import { rangeTest } from './range-test.ts'
import { shareTest } from './share-test.ts'
import type { Proportion } from './z-test.ts'

/** A share of missing values that changes by less is not material. */
const MATERIAL_MISSING = 0.05
/** A share of rows that the reference does not know matters from here on. */
const MATERIAL_STRANGE = 0.01

/**
 * What changed in a column beside its distribution: missing values and infinities, by the test of two shares;
 * categories that the reference hardly has or does not have; values beyond its range. Infinities are a fault where
 * the reference has none. Only what occurs is looked at, and only where both sides have a row with a value does what
 * follows the missing ones. Cost O(categories).
 */
export function shareFindings(reference: ColumnProfile, current: ColumnProfile): LookedAt[] {
  const missing = missingFinding(reference, current)
  if (presentRows(reference) === 0 || presentRows(current) === 0) return missing
  if (reference.type === 'cat') return [...missing, ...newCategories(reference, current as CategoryProfile)]
  const numbers = current as NumberProfile
  return [...missing, ...infiniteFinding(reference, numbers), ...outOfRange(reference, numbers)]
}

function missingFinding(reference: ColumnProfile, current: ColumnProfile): LookedAt[] {
  const before = { count: reference.missing, rows: rowsOf(reference) }
  const after = { count: current.missing, rows: rowsOf(current) }
  if (before.count + after.count === 0) return []
  const change = Math.abs(shareOf(after) - shareOf(before))
  const test = { score: change, threshold: MATERIAL_MISSING, p_value: shareTest(before, after) }
  return [{ kind: 'missing', ...test, ...weighed(test), message: wentFrom('Missing values', before, after) }]
}

function infiniteFinding(reference: NumberProfile, current: NumberProfile): LookedAt[] {
  const before = { count: reference.infinite, rows: rowsOf(reference) }
  const after = { count: current.infinite, rows: rowsOf(current) }
  if (before.count + after.count === 0) return []
  const change = Math.abs(shareOf(after) - shareOf(before))
  const test = { score: change, threshold: MATERIAL_STRANGE, p_value: shareTest(before, after) }
  const weight = before.count === 0 ? 'fault' : weighed(test).weight
  return [{ kind: 'infinite', ...test, weight, message: wentFrom('Infinite values', before, after) }]
}

/**
 * Rows in categories that the profile of the reference does not list: those it lacks, and those with fewer than five
 * rows in it. Were the reference's own share of such rows taken as it stands, any other data would seem to have more;
 * a row of the reference counts as such if without it its category had fewer than five (Good and Turing), which is
 * what a current row is up against. Categories come in clumps of up to five rows, and where the current data are the
 * larger side in larger ones: the test takes a clump for one row. Where a reference has more categories than a profile
 * lists, only the distribution tells.
 */
function newCategories(reference: CategoryProfile, current: CategoryProfile): LookedAt[] {
  const isCut = reference.categories.length === MOST_CATEGORIES
  const after = { count: current.counts.at(-1)!, rows: presentRows(current) }
  if (isCut || after.count === 0) return []
  const onTheEdge = reference.counts.slice(0, -1).filter((count) => count === FEWEST_ROWS)
  const unlisted = reference.counts.at(-1)!
  const before = { count: unlisted + onTheEdge.length * FEWEST_ROWS, rows: presentRows(reference) }
  const growth = Math.max(0, shareOf(after) - shareOf(before))
  const clump = before.count === 0 ? 1 : FEWEST_ROWS
  const p_value = shareTest(
    inClumps(before, clump),
    inClumps(after, clump * Math.max(1, after.rows / before.rows)),
  )
  const test = { score: growth, threshold: MATERIAL_STRANGE, p_value }
  const what = unlisted === 0 ? 'Categories that the reference does not have' : 'Rare or new categories'
  const seen = { count: unlisted, rows: before.rows }
  return [{ kind: 'new_categories', ...test, ...weighed(test), message: wentFrom(what, seen, after) }]
}

function inClumps({ count, rows }: Proportion, clump: number): Proportion {
  return { count: Math.round(count / clump), rows: Math.round(rows / clump) }
}

function outOfRange(reference: NumberProfile, current: NumberProfile): LookedAt[] {
  const { outside = 0 } = current
  if (outside === 0) return []
  const rows = presentRows(current) - current.infinite
  const referenceRows = presentRows(reference) - reference.infinite
  const p_value = rangeTest({ outside, rows, referenceRows })
  const test = { score: outside / rows, threshold: MATERIAL_STRANGE, p_value }
  const range = `${short(reference.min!)} to ${short(reference.max!)}`
  const message = `${percent(outside / rows)} of the values lie outside the reference's range of ${range}`
  return [{ kind: 'out_of_range', ...test, ...weighed(test), message }]
}

function weighed({ score, threshold }: { score: number; threshold: number }): Pick<LookedAt, 'weight'> {
  return { weight: score >= threshold ? 'material' : 'none' }
}

function wentFrom(what: string, before: Proportion, after: Proportion): string {
  return `${what} went from ${percent(shareOf(before))} to ${percent(shareOf(after))} of the rows`
}

function shareOf({ count, rows }: Proportion): number {
  return count / rows
}

/** Enough digits to see a small share. */
function percent(share: number): string {
  const digits = share === 0 || share >= 0.01 ? 1 : 3
  return `${(100 * share).toFixed(digits)} %`
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)))
}

export function rowsOf(column: ColumnProfile): number {
  return presentRows(column) + column.missing
}
