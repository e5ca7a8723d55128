import { qValues } from './benjamini-hochberg.ts'
import type { ColumnDrift, DriftFinding } from './column-drift.ts'
import type { LookedAt, LookedAtColumn } from './looked-at.ts'

/** How sure a change must be to count, over all tests of a report together. */
export const SIGNIFICANCE = 0.05

/**
 * The verdicts on columns that were looked at: a finding drifted where it is a fault, or material and its q-value
 * below 5 % (or its own level); a column where any finding did. Cost O(tests log tests).
 */
export function judgeColumns(columns: readonly LookedAtColumn[]): ColumnDrift[] {
  const q = qValues(columns.flatMap(({ lookedAt }) => lookedAt.map(({ p_value }) => p_value)))
  let at = 0
  return columns.map(({ lookedAt, calm, ...row }) => {
    const findings = lookedAt.map((finding) => judged(finding, q[at++]!))
    const gravest = findings.find(({ drifted }) => drifted)
    const distribution = findings.find(({ kind }) => kind === 'distribution')
    return {
      ...row,
      drifted: gravest !== undefined,
      // the band looks at the distribution alone, and a column that lost its values may keep its shape
      action: gravest !== undefined && row.action === 'maintain' ? 'watch' : row.action,
      p_value: distribution?.p_value ?? null,
      q_value: distribution?.q_value ?? null,
      findings,
      message: gravest?.message ?? calm,
    }
  })
}

function judged(
  { weight, level = SIGNIFICANCE, calm, ...finding }: LookedAt,
  q: number | null,
): DriftFinding {
  const isNoChance = q !== null && q < level
  const drifted = weight === 'fault' || (weight === 'material' && isNoChance)
  return { ...finding, drifted, q_value: q, message: drifted ? finding.message : (calm ?? finding.message) }
}
