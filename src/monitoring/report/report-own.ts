import type { Table } from '../../data/table.ts'
import { FdsError } from '../../errors.ts'
import type { ColumnDrift } from '../drift/column-drift.ts'
import { compareProfile, isCounted } from '../drift/compare-profile.ts'
import { columnEntry, shareEntry } from '../drift/evidently-entries.ts'
import type { ReportEntry } from '../drift/evidently-shape.ts'
import { summaryEntries } from '../drift/evidently-summary.ts'
import type { MethodChoice } from '../drift/method-choice.ts'
import { buildProfile } from '../profile/build-profile.ts'
import { countAgainst } from '../profile/count-against.ts'
import type { Profile } from '../profile/profile.ts'
import { DataDriftPreset, DataSummaryPreset, type ReportMetric, ValueDrift } from './metrics.ts'
import type { Findings, ReportInput } from './report.ts'

/** The findings by our own statistics. The share is that of the preset's columns, without one of all. */
export function ownFindings(metrics: readonly ReportMetric[], input: ReportInput): Findings {
  const rows = ownRows(metrics, input, methodsOf(metrics))
  const preset = metrics.find((metric) => metric instanceof DataDriftPreset)
  const inPreset = rows.columns.filter(({ name }) => preset?.columns?.includes(name) ?? true)
  const compared = inPreset.filter(isCounted)
  const count = compared.filter(({ drifted }) => drifted).length
  const driftShare = compared.length === 0 ? 0 : count / compared.length
  const entries = metrics.flatMap((metric): ReportEntry[] => {
    if (metric instanceof DataSummaryPreset) return summaryOf(metric, input)
    if (metric instanceof ValueDrift) {
      return rows.columns.filter(({ name }) => name === metric.column).map(columnEntry)
    }
    const share = shareEntry({ count, share: driftShare, below: metric.driftShare })
    return [share, ...inPreset.map(columnEntry)]
  })
  return { ...rows, driftShare, entries }
}

/** Our own rows of the columns that drift is asked of, and the counts behind them. */
export function ownRows(
  metrics: readonly ReportMetric[],
  { reference, current }: ReportInput,
  methods: MethodChoice = {},
): { readonly columns: readonly ColumnDrift[]; readonly reference: Profile; readonly current: Profile } {
  const chosen = columnsOf(metrics)
  const profile = isProfile(reference) ? chosenColumns(reference, chosen) : buildProfile(reference, chosen)
  const counted = chosenColumns(isProfile(current) ? current : countAgainst(profile, current), chosen)
  const tables = !isProfile(reference) && !isProfile(current) && { reference, current }
  const options = { methods, ...(tables && { tables }) }
  const columns = chosen?.length === 0 ? [] : compareProfile(profile, counted, options)
  return { columns, reference: profile, current: counted }
}

/** The entries of a summary. A profile has no cells, so that there is nothing to test against. */
export function summaryOf(
  { columns }: DataSummaryPreset,
  { reference, current, dataDefinition }: ReportInput,
): ReportEntry[] {
  return summaryEntries({
    reference: isProfile(reference) ? null : reference,
    current: requireTable(current, 'current', 'for a summary'),
    columns,
    definition: dataDefinition,
  })
}

export function isProfile(reference: Table | Profile): reference is Profile {
  return 'format' in reference
}

/** PARAM_INVALID for a profile where cells are needed. */
export function requireTable(data: Table | Profile, name: 'reference' | 'current', purpose: string): Table {
  if (!isProfile(data)) return data
  throw new FdsError('PARAM_INVALID', { name, expected: `a table ${purpose}`, got: 'a profile' })
}

/** The columns that drift is asked of; undefined for all. */
function columnsOf(metrics: readonly ReportMetric[]): readonly string[] | undefined {
  const preset = metrics.find((metric) => metric instanceof DataDriftPreset)
  if (preset && !preset.columns) return undefined
  const alone = metrics.flatMap((metric) => (metric instanceof ValueDrift ? [metric.column] : []))
  return [...new Set([...(preset?.columns ?? []), ...alone])]
}

function chosenColumns(profile: Profile, chosen: readonly string[] | undefined): Profile {
  if (!chosen) return profile
  return { ...profile, columns: profile.columns.filter(({ name }) => chosen.includes(name)) }
}

/** The methods that were asked for: the preset's, and each column's own. */
function methodsOf(metrics: readonly ReportMetric[]): MethodChoice {
  const { methods = {} } = metrics.find((metric) => metric instanceof DataDriftPreset) ?? {}
  const alone = metrics.filter((metric) => metric instanceof ValueDrift)
  const own = alone.flatMap(({ column, method }) => (method === undefined ? [] : [[column, method] as const]))
  const thresholds = alone.flatMap(({ column, threshold }) =>
    threshold === undefined ? [] : [[column, threshold] as const],
  )
  return {
    ...methods,
    perColumnMethod: { ...methods.perColumnMethod, ...Object.fromEntries(own) },
    perColumnThreshold: { ...methods.perColumnThreshold, ...Object.fromEntries(thresholds) },
  }
}
