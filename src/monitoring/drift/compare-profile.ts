import { type Column, columnOf, type Table } from '../../data/table.ts'
import { FdsError } from '../../errors.ts'
import { countAgainst } from '../profile/count-against.ts'
import { type ColumnProfile, haveOneLayout, type Profile, presentRows } from '../profile/profile.ts'
import type { ColumnDrift, ColumnStatus, FindingKind } from './column-drift.ts'
import { comparedBins } from './compared-bins.ts'
import { type ComparedColumn, distributionFinding } from './distribution-finding.ts'
import { judgeColumns } from './judge-columns.ts'
import type { LookedAt, LookedAtColumn } from './looked-at.ts'
import { choiceFor, type MethodChoice } from './method-choice.ts'
import { psiTest } from './psi.ts'
import { driftAction, psiBand } from './psi-band.ts'
import { rowsOf, shareFindings } from './share-findings.ts'

/**
 * Rows that each side must have for anything but a fault: bins cut from fewer values fit them too well, and a few
 * strange rows are no drift.
 */
const FEWEST_ROWS = 20

/** How to compare. */
export interface CompareOptions {
  /** `psi` for every column unless chosen. */
  readonly methods?: MethodChoice
  /** Both tables, which `ks` and `wasserstein` need. */
  readonly tables?: { readonly reference: Table; readonly current: Table }
}

/**
 * Compares the current data, or their counts, with a reference profile, column by column: the reference's columns
 * in order, then new ones. A column drifted where its distribution did, or its missing values, or where it has become
 * infinite, vanished or changed its type; a new column does not. The distribution did where the index of its bins is
 * at least 0.1 beyond chance (`psiTest` below 5 %), where chance does not explain the change at all (`changeTest`,
 * below 5 % after Benjamini and Hochberg's correction over all tests of the report), and each side has 20 rows.
 * Other methods by choice: `distributionFinding`; index and band are there with any of them. A column never stops the
 * others. ROWS_TOO_FEW for an empty side, NO_COMMON_COLUMNS, PROFILE_INVALID for counts in
 * other bins, PARAM_INVALID for a method that is not known or does not fit.
 */
export function compareProfile(
  reference: Profile,
  current: Table | Profile,
  options: CompareOptions = {},
): readonly ColumnDrift[] {
  const counted = 'format' in current ? current : countAgainst(reference, current)
  requireRows(reference, 'the reference data')
  requireRows(counted, 'the current data')
  const known = new Set(reference.columns.map(({ name }) => name))
  const found = new Map(counted.columns.map((column) => [column.name, column]))
  if (![...known].some((name) => found.has(name))) {
    throw new FdsError('NO_COMMON_COLUMNS', { reference: [...known], current: [...found.keys()] })
  }
  const unknown = counted.columns.filter(({ name }) => !known.has(name))
  return judgeColumns([
    ...reference.columns.map((column) => lookAt(column, found.get(column.name), options)),
    ...unknown.map((column) =>
      uncompared('new', { current: column }, 'The column is not in the reference data'),
    ),
  ])
}

/** Whether a row takes part in the share of drifted columns. */
export function isCounted({ status }: ColumnDrift): boolean {
  return status !== 'new' && status !== 'not_compared'
}

function lookAt(
  reference: ColumnProfile,
  current: ColumnProfile | undefined,
  options: CompareOptions,
): LookedAtColumn {
  if (!current) return uncompared('vanished', { reference }, 'The column is missing from the current data')
  if (reference.type !== current.type) {
    const message = `The type changed from ${reference.kind} to ${current.kind}`
    return uncompared('type_changed', { reference, current }, message)
  }
  if (reference.type === 'datetime') {
    return uncompared('not_compared', { reference, current }, 'Times always move and are not compared')
  }
  if (!haveOneLayout(reference, current)) {
    throw new FdsError('PROFILE_INVALID', {
      reason: `"${reference.name}" must be counted in the reference's bins`,
    })
  }
  return compared(reference, current, options)
}

function compared(
  reference: ColumnProfile,
  current: ColumnProfile,
  { methods = {}, tables }: CompareOptions,
): LookedAtColumn {
  const { name } = reference
  const bins = comparedBins(reference, current)
  const index = psiTest(bins)
  const choice = choiceFor(methods, { name, type: reference.type === 'cat' ? 'cat' : 'num' })
  const found = distributionFinding({ bins, psi: index, values: tables && columnsOf(tables, name) }, choice)
  const isEnough = Math.min(rowsOf(reference), rowsOf(current)) >= FEWEST_ROWS
  const tested = (one: LookedAt): LookedAt => (isEnough ? one : untested(one))
  const empty = emptyMessage(reference, current)
  const calm = calmMessage(choice.method, found)
  const message = empty ?? movedMessage(choice.method, found.score)
  return {
    ...rowOf('compared', { reference, current }),
    method: choice.method,
    score: found.score,
    threshold: found.threshold,
    psi: index.psi,
    band: psiBand(index.psi),
    action: driftAction(psiBand(index.psi)),
    material_p_value: choice.method === 'psi' ? index.pValue : null,
    lookedAt: [{ ...found, message, calm }, ...shareFindings(reference, current)].map(tested),
    calm: empty ?? calm,
  }
}

function columnsOf(
  { reference, current }: NonNullable<CompareOptions['tables']>,
  name: string,
): ComparedColumn['values'] {
  const column = (table: Table): Column => columnOf(table, name)
  return { reference: column(reference), current: column(current) }
}

function untested(found: LookedAt): LookedAt {
  return { ...found, p_value: null, weight: found.weight === 'fault' ? 'fault' : 'none' }
}

function emptyMessage(reference: ColumnProfile, current: ColumnProfile): string | undefined {
  const sides = [presentRows(reference) === 0 && 'reference', presentRows(current) === 0 && 'current']
  const empty = sides.filter((side) => side !== false)
  return empty.length > 0 ? `No value in the ${empty.join(' and ')} data` : undefined
}

function movedMessage(method: string, score: number | null): string {
  return `Moved materially, and not by chance (${scoreText(method, score)})`
}

function calmMessage(method: string, { score, threshold, level }: Omit<LookedAt, 'message'>): string {
  // a probability is no size
  const isLarge = level === undefined && score !== null && score >= threshold!
  const text = scoreText(method, score)
  return isLarge ? `Moved, but too few rows to tell it from chance (${text})` : `No material change (${text})`
}

function scoreText(method: string, score: number | null): string {
  return `${method === 'psi' ? 'PSI' : method} ${score === null ? 'without a value' : score.toFixed(3)}`
}

const FAULTS: Partial<Record<ColumnStatus, FindingKind>> = {
  vanished: 'vanished',
  new: 'new_column',
  type_changed: 'type_changed',
}

/** A column without numbers: its fault, if it is one. */
function uncompared(
  status: ColumnStatus,
  sides: { readonly reference?: ColumnProfile; readonly current?: ColumnProfile },
  message: string,
): LookedAtColumn {
  const kind = FAULTS[status]
  const weight = status === 'new' ? 'none' : 'fault'
  const lookedAt = kind
    ? [{ kind, score: null, threshold: null, p_value: null, weight, message } as const]
    : []
  return { ...rowOf(status, sides), lookedAt, calm: message }
}

/** A row without numbers other than the shares of missing values. */
function rowOf(
  status: ColumnStatus,
  sides: { readonly reference?: ColumnProfile; readonly current?: ColumnProfile },
): Omit<LookedAtColumn, 'lookedAt' | 'calm'> {
  const { reference, current } = sides
  const { name, type } = (reference ?? current)!
  const missing = { reference: missingShare(reference), current: missingShare(current) }
  const none = { method: null, score: null, threshold: null, psi: null, band: null }
  return { name, type, status, ...none, action: null, material_p_value: null, missing }
}

function missingShare(column: ColumnProfile | undefined): number | null {
  return column ? column.missing / rowsOf(column) : null
}

function requireRows({ rows }: Profile, what: string): void {
  if (rows === 0) throw new FdsError('ROWS_TOO_FEW', { needed: 1, got: rows, what })
}
