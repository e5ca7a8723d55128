import { FdsError } from '../../errors.ts'
import type { ColumnDrift } from '../drift/column-drift.ts'
import {
  type EvidentlyColumn,
  evidentlyColumn,
  evidentlyDrift,
  type MethodOptions,
} from '../drift/evidently-drift.ts'
import type { ReportEntry } from '../drift/evidently-shape.ts'
import { evidentlyTypes } from '../drift/evidently-types.ts'
import { type AnyMethod, DataDriftPreset, DataSummaryPreset, type ReportMetric } from './metrics.ts'
import type { Findings, ReportInput } from './report.ts'
import { ownRows, requireTable, summaryOf } from './report-own.ts'

/**
 * The findings by Evidently's choices and numbers. Our own rows give what Evidently has no place for (missing shares,
 * the index on deciles and its band); score, threshold and verdict are Evidently's. PARAM_INVALID for a profile.
 */
export function evidentlyFindings(metrics: readonly ReportMetric[], input: ReportInput): Findings {
  const reference = requireTable(input.reference, 'reference', "in mode 'evidently'")
  const current = requireTable(input.current, 'current', "in mode 'evidently'")
  const data = { reference, current, types: evidentlyTypes(current, input.dataDefinition) }
  const judged: EvidentlyColumn[] = []
  let share: number | undefined
  const entries = metrics.flatMap((metric): ReportEntry[] => {
    if (metric instanceof DataSummaryPreset) return summaryOf(metric, input)
    if (metric instanceof DataDriftPreset) {
      const { columns, driftShare, methods } = metric
      requireReproducible(methods)
      const drift = evidentlyDrift(data, { ...methods, columns, driftShare })
      judged.unshift(...drift.columns)
      share = drift.share
      return [drift.count, ...drift.columns]
    }
    const { column: name, threshold } = metric
    const asked: MethodOptions<AnyMethod> = metric.method === undefined ? {} : { method: metric.method }
    requireReproducible(asked)
    const column = evidentlyColumn(data, { ...asked, column: name, threshold })
    judged.push(column)
    return [column]
  })
  const rows = ownRows(metrics, input)
  const columns = rows.columns.map((row) =>
    evidentlyRow(
      row,
      judged.find(({ name }) => name === row.name),
    ),
  )
  return { ...rows, columns, driftShare: share ?? shareOf(judged), entries }
}

/** PARAM_INVALID for TVD, for which Evidently draws lots: its numbers cannot be had again. */
function requireReproducible(methods: MethodOptions<AnyMethod>): asserts methods is MethodOptions {
  const { perColumnMethod = {}, ...others } = methods
  if (![...Object.values(others), ...Object.values(perColumnMethod)].includes('TVD')) return
  throw new FdsError('PARAM_INVALID', {
    name: 'method',
    expected: "another than TVD in mode 'evidently'",
    got: 'TVD',
  })
}

function shareOf(columns: readonly EvidentlyColumn[]): number {
  const compared = columns.filter(({ verdict }) => 'score' in verdict)
  return compared.length === 0 ? 0 : compared.filter(({ isCounted }) => isCounted).length / compared.length
}

/** Our row with Evidently's verdict. What Evidently leaves out or cannot score has none, but stays vanished or new. */
function evidentlyRow(row: ColumnDrift, column: EvidentlyColumn | undefined): ColumnDrift {
  if (!column && row.status === 'vanished') return row
  const verdict = column?.verdict ?? { skipped: 'Evidently compares numbers and categories alone' }
  const none = { q_value: null, material_p_value: null }
  if (!('score' in verdict)) {
    const message = 'fault' in verdict ? verdict.fault : verdict.skipped
    const status = row.status === 'new' ? 'new' : 'not_compared'
    const noScore = { method: null, score: null, threshold: null, p_value: null }
    return { ...row, ...none, ...noScore, status, drifted: false, findings: [], message }
  }
  const { method, score, threshold, drifted } = verdict
  const p_value = ['ks', 'chisquare', 'z'].includes(method) ? score : null
  const message = drifted ? 'Drifted by Evidently’s threshold' : 'Not drifted by Evidently’s threshold'
  const finding = {
    kind: 'distribution',
    drifted,
    score,
    threshold,
    p_value,
    q_value: null,
    message,
  } as const
  return {
    ...row,
    ...none,
    method,
    score,
    threshold,
    p_value,
    status: 'compared',
    drifted,
    findings: [finding],
    message,
  }
}
