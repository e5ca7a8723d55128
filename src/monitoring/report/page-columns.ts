import type { ColumnDrift, DriftAction } from '../drift/column-drift.ts'
import { isCounted } from '../drift/compare-profile.ts'
import { comparedSides } from '../drift/compared-bins.ts'
import type { RetrainAdvice } from '../drift/retrain-advice.ts'
import { type ColumnProfile, haveOneLayout } from '../profile/profile.ts'
import type { ColumnSides } from './finding-words.ts'
import type { ReportResult } from './report.ts'

/** What the page asks of its reader; `repair`: the data are broken, which no training mends. */
export type PageAction = DriftAction | 'repair'

/** Columns that are no inputs of the model. */
export type PageRole = 'target' | 'prediction'

/** A column as the page shows it. */
export interface PageColumn extends ColumnSides {
  readonly action: PageAction | null
  readonly role: PageRole | null
  /** Its part of the importance of the compared inputs; null where none was given, and for what is no input. */
  readonly importance: number | null
  /** Both sides were counted in the same bins. */
  readonly isDrawn: boolean
}

/** The index that a column without one counts as, if it drifted: about that of two distributions without overlap. */
const FULL_CHANGE = 10

/** The columns by falling rank: drifted ones first, then by change times importance, then as in the data. */
export function pageColumns(
  result: ReportResult,
  advice: RetrainAdvice,
  roles: ReadonlyMap<string, PageRole>,
): PageColumn[] {
  const reference = new Map(result.reference.columns.map((column) => [column.name, column]))
  const current = new Map(result.current.columns.map((column) => [column.name, column]))
  const broken = new Set(advice.broken)
  const shares = importanceShares(result, roles)
  return result.columns
    .map((drift): PageColumn => {
      const { name } = drift
      const role = roles.get(name) ?? null
      const importance = shares.get(name) ?? null
      const sides = binnedSides(reference.get(name), current.get(name))
      return { drift, ...sides, action: actionOf(drift, broken), role, importance }
    })
    .sort((a, b) => Number(b.drift.drifted) - Number(a.drift.drifted) || impact(b) - impact(a))
}

/** Parts of the sum over the compared inputs; empty where that is 0 or nothing was given. */
function importanceShares(
  { columns, importance }: ReportResult,
  roles: ReadonlyMap<string, PageRole>,
): ReadonlyMap<string, number> {
  const given = new Map(Object.entries(importance ?? {}))
  const inputs = columns.filter((column) => isCounted(column) && !roles.has(column.name))
  const total = inputs.reduce((sum, { name }) => sum + (given.get(name) ?? 0), 0)
  return new Map(total > 0 ? inputs.map(({ name }) => [name, (given.get(name) ?? 0) / total]) : [])
}

function actionOf(
  { name, status, drifted, action }: ColumnDrift,
  broken: ReadonlySet<string>,
): PageAction | null {
  if (broken.has(name)) return 'repair'
  if (status !== 'compared') return null
  if (!drifted) return 'maintain'
  return action === 'retrain' ? 'retrain' : 'watch'
}

/** Both sides in the bins that their index compares, where they can be drawn together. */
function binnedSides(
  reference: ColumnProfile | undefined,
  current: ColumnProfile | undefined,
): Pick<PageColumn, 'reference' | 'current' | 'isDrawn'> {
  if (!reference || !current || reference.type === 'datetime' || !haveOneLayout(reference, current)) {
    return { reference, current, isDrawn: false }
  }
  const [before, after] = comparedSides(reference, current)
  return { reference: before, current: after, isDrawn: true }
}

function impact({ drift, importance }: PageColumn): number {
  return (importance ?? 1) * (drift.psi ?? (drift.drifted ? FULL_CHANGE : 0))
}
