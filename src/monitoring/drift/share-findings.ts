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
 * Rows in categories that are rare in the reference, or not in it. Rare are those with fewer rows than it takes to be
 * in the profile for sure: five, or one more than the least one listed where there are more than a profile lists.
 * Were the reference's own share of such rows taken as it stands, any other data would seem to have more; a row of the
 * reference counts as such if its category would be rare without it (Good and Turing), which is what a current row is
 * up against. Categories come in clumps of up to so many rows, in larger ones where the current data are the larger
 * side: the test takes a clump for one row. Only
 * a growing share is looked at.
 */
function newCategories(reference: CategoryProfile, current: CategoryProfile): LookedAt[] {
  const listed = reference.counts.slice(0, -1)
  const isCut = listed.length === MOST_CATEGORIES && reference.counts.at(-1)! > 0
  const common = isCut ? Math.min(...listed) + 1 : FEWEST_ROWS
  const rowsWhere = ({ counts }: CategoryProfile, isRare: (rows: number) => boolean): number =>
    listed.reduce((sum, rows, i) => sum + (isRare(rows) ? counts[i]! : 0), counts.at(-1)!)
  const before = { count: rowsWhere(reference, (rows) => rows <= common), rows: presentRows(reference) }
  const after = { count: rowsWhere(current, (rows) => rows < common), rows: presentRows(current) }
  const growth = shareOf(after) - shareOf(before)
  if (growth <= 0) return []
  const clump = before.count === 0 ? 1 : common
  const p_value = shareTest(
    inClumps(before, clump),
    inClumps(after, clump * Math.max(1, after.rows / before.rows)),
  )
  const test = { score: growth, threshold: MATERIAL_STRANGE, p_value }
  const what = before.count === 0 ? 'Categories that the reference does not have' : 'Rare or new categories'
  return [{ kind: 'new_categories', ...test, ...weighed(test), message: wentFrom(what, before, after) }]
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
