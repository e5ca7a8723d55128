import type { Table } from '../../data/table.ts'
import { FdsError } from '../../errors.ts'
import { countAgainst } from '../profile/count-against.ts'
import { type ColumnProfile, haveOneLayout, type Profile, presentRows } from '../profile/profile.ts'
import type { ColumnDrift, FindingKind } from './column-drift.ts'
import { MATERIAL_PSI, psiTest } from './psi.ts'
import { driftAction, psiBand } from './psi-band.ts'

/** How sure a change must be to count. */
export const SIGNIFICANCE = 0.05

/** Rows that each side must have: bins cut from fewer values fit them too well (false alarms up to 20 %). */
const FEWEST_ROWS = 20

const NEW_COLUMN = 'The column is not in the reference data'

/**
 * Compares the current data, or their counts, with a reference profile, column by column: the reference's columns
 * in order, then new ones. A column drifted where the index of its bins is at least 0.1 beyond chance (`psiTest`
 * below 5 %, at least 20 rows a side); a vanished column and a changed type count as drifted; a new column does not. A column never
 * stops the others. ROWS_TOO_FEW for an empty side, NO_COMMON_COLUMNS, PROFILE_INVALID for counts in other bins.
 */
export function compareProfile(reference: Profile, current: Table | Profile): readonly ColumnDrift[] {
  const counted = 'format' in current ? current : countAgainst(reference, current)
  requireRows(reference, 'the reference data')
  requireRows(counted, 'the current data')
  const known = new Set(reference.columns.map(({ name }) => name))
  const found = new Map(counted.columns.map((column) => [column.name, column]))
  if (![...known].some((name) => found.has(name))) {
    throw new FdsError('NO_COMMON_COLUMNS', { reference: [...known], current: [...found.keys()] })
  }
  return [
    ...reference.columns.map((column) => compareColumns(column, found.get(column.name))),
    ...counted.columns
      .filter(({ name }) => !known.has(name))
      .map((column) => rowOf({ current: column }, { status: 'new', drifted: false, message: NEW_COLUMN })),
  ]
}

/** Whether a row takes part in the share of drifted columns. */
export function isCounted({ status }: ColumnDrift): boolean {
  return status !== 'new' && status !== 'not_compared'
}

function compareColumns(reference: ColumnProfile, current: ColumnProfile | undefined): ColumnDrift {
  if (!current) {
    const message = 'The column is missing from the current data'
    return rowOf({ reference }, { status: 'vanished', drifted: true, message })
  }
  if (reference.type !== current.type) {
    const message = `The type changed from ${reference.kind} to ${current.kind}`
    return rowOf({ reference, current }, { status: 'type_changed', drifted: true, message })
  }
  if (reference.type === 'datetime') {
    const message = 'Times always move and are not compared'
    return rowOf({ reference, current }, { status: 'not_compared', drifted: false, message })
  }
  if (!haveOneLayout(reference, current)) {
    throw new FdsError('PROFILE_INVALID', {
      reason: `"${reference.name}" must be counted in the reference's bins`,
    })
  }
  return compareCounts(reference, current)
}

function compareCounts(reference: ColumnProfile, current: ColumnProfile): ColumnDrift {
  const cells = ({ counts, missing }: ColumnProfile) => [...counts, missing]
  const { psi, pValue } = psiTest({ reference: cells(reference), current: cells(current) })
  const isEnough = Math.min(rowsOf(reference), rowsOf(current)) >= FEWEST_ROWS
  const drifted = isEnough && psi >= MATERIAL_PSI && pValue < SIGNIFICANCE
  const message = findingOf({ psi, drifted, reference, current })
  const test = { score: psi, threshold: MATERIAL_PSI, p_value: pValue, q_value: pValue }
  return {
    ...rowOf({ reference, current }, { status: 'compared', drifted, message }),
    ...test,
    method: 'psi',
    psi,
    band: psiBand(psi),
    action: driftAction(psiBand(psi)),
    material_p_value: pValue,
    findings: [{ kind: 'distribution', drifted, ...test, message }],
  }
}

function findingOf(input: {
  readonly psi: number
  readonly drifted: boolean
  readonly reference: ColumnProfile
  readonly current: ColumnProfile
}): string {
  const { psi, drifted, reference, current } = input
  const without = [presentRows(reference) === 0 && 'reference', presentRows(current) === 0 && 'current']
  const empty = without.filter((side) => side !== false)
  if (empty.length > 0) return `No value in the ${empty.join(' and ')} data`
  if (drifted) return `Moved materially, and not by chance (PSI ${psi.toFixed(3)})`
  if (psi >= MATERIAL_PSI) return `Moved, but too few rows to tell it from chance (PSI ${psi.toFixed(3)})`
  return `No material change (PSI ${psi.toFixed(3)})`
}

/** A row without numbers other than the shares of missing values. */
function rowOf(
  sides: { readonly reference?: ColumnProfile; readonly current?: ColumnProfile },
  finding: Pick<ColumnDrift, 'status' | 'drifted' | 'message'>,
): ColumnDrift {
  const { reference, current } = sides
  const { name, type } = (reference ?? current)!
  const missing = { reference: missingShare(reference), current: missingShare(current) }
  const untested = { score: null, threshold: null, p_value: null, q_value: null }
  const none = { ...untested, method: null, psi: null, band: null, action: null, material_p_value: null }
  const kind = FAULTS[finding.status]
  const findings = kind ? [{ kind, ...untested, drifted: finding.drifted, message: finding.message }] : []
  return { name, type, ...none, missing, findings, ...finding }
}

const FAULTS: Partial<Record<ColumnDrift['status'], FindingKind>> = {
  vanished: 'vanished',
  new: 'new_column',
  type_changed: 'type_changed',
}

function missingShare(column: ColumnProfile | undefined): number | null {
  return column ? column.missing / rowsOf(column) : null
}

function rowsOf(column: ColumnProfile): number {
  return presentRows(column) + column.missing
}

function requireRows({ rows }: Profile, what: string): void {
  if (rows === 0) throw new FdsError('ROWS_TOO_FEW', { needed: 1, got: rows, what })
}
