import { type ColumnProfile, presentRows } from '../profile/profile.ts'
import type { FindingKind } from './column-drift.ts'
import type { LookedAt } from './looked-at.ts'
import { shareTest } from './share-test.ts'
import type { Proportion } from './z-test.ts'

/** A share of missing values that changes by less is not material. */
const MATERIAL_MISSING = 0.05
/** A share of values that the reference hardly knows matters from here on. */
const MATERIAL_STRANGE = 0.01

/**
 * What changed in a column beside its distribution: missing values by the test of two shares, and infinities, which
 * are a fault where the reference has none. Only what occurs on either side is looked at. Cost O(1) for the most part.
 */
export function shareFindings(reference: ColumnProfile, current: ColumnProfile): LookedAt[] {
  return [...missingFinding(reference, current), ...infiniteFinding(reference, current)]
}

function missingFinding(reference: ColumnProfile, current: ColumnProfile): LookedAt[] {
  const [before, after] = [reference, current].map((side) => ({ count: side.missing, rows: rowsOf(side) }))
  return finding('missing', before!, after!, MATERIAL_MISSING, 'Missing values')
}

function infiniteFinding(reference: ColumnProfile, current: ColumnProfile): LookedAt[] {
  if (reference.type === 'cat' || current.type === 'cat') return []
  const [before, after] = [reference, current].map((side) => ({ count: side.infinite, rows: rowsOf(side) }))
  const found = finding('infinite', before!, after!, MATERIAL_STRANGE, 'Infinite values')
  const isFault = before!.count === 0 && after!.count > 0
  return isFault ? found.map((one) => ({ ...one, weight: 'fault' })) : found
}

/** The change of a share, as a finding; none where neither side has such rows. */
function finding(
  kind: FindingKind,
  before: Proportion,
  after: Proportion,
  threshold: number,
  what: string,
): LookedAt[] {
  if (before.count + after.count === 0) return []
  const [from, to] = [before.count / before.rows, after.count / after.rows]
  const score = Math.abs(to - from)
  return [
    {
      kind,
      score,
      threshold,
      p_value: shareTest(before, after),
      weight: score >= threshold ? 'material' : 'none',
      message: `${what} went from ${percent(from)} to ${percent(to)} of the rows`,
    },
  ]
}

/** Enough digits to see a small share. */
function percent(share: number): string {
  const digits = share === 0 || share >= 0.01 ? 1 : 3
  return `${(100 * share).toFixed(digits)} %`
}

export function rowsOf(column: ColumnProfile): number {
  return presentRows(column) + column.missing
}
