import { createHash } from 'node:crypto'
import type { ColumnDrift } from './column-drift.ts'
import { isCounted } from './compare-profile.ts'

/** One entry of `metrics`, as Evidently 0.7 has it. `id` depends on the name alone. */
export interface DriftMetric {
  readonly id: string
  readonly metric_name: string
  readonly config: Readonly<Record<string, unknown>>
  /** Count and share of drifted columns, or a column's score; null where it has none. */
  readonly value: { readonly count: number; readonly share: number } | number | null
}

/** One entry of `tests`. ERROR: the column could not be compared; SKIPPED: there was nothing to compare. */
export interface DriftTest {
  readonly id: 'lt' | 'drift'
  readonly name: string
  readonly description: string
  readonly metric_config: { readonly metric_id: string; readonly params: Readonly<Record<string, unknown>> }
  readonly test_config: Readonly<Record<string, unknown>>
  readonly status: 'SUCCESS' | 'FAIL' | 'ERROR' | 'SKIPPED'
}

interface Findings {
  readonly columns: readonly ColumnDrift[]
  readonly driftShare: number
  /** The share from which the data as a whole drifted. */
  readonly threshold: number
}

/** The count of drifted columns, then one metric a column. */
export function driftMetrics(findings: Findings): DriftMetric[] {
  const count = findings.columns.filter((column) => isCounted(column) && column.drifted).length
  const value = { count, share: findings.driftShare }
  return [{ ...countMetric(findings), value }, ...findings.columns.map(columnMetric)]
}

/** The test of the share, then one test a column. */
export function driftTests(findings: Findings): DriftTest[] {
  const { driftShare, threshold } = findings
  const holds = driftShare < threshold
  const share: DriftTest = {
    id: 'lt',
    name: `Share of Drifted Columns: Less ${threshold.toFixed(3)}`,
    description: `Share of Drifted Columns: Actual value ${driftShare.toFixed(3)} ${holds ? '<' : '>='} ${threshold.toFixed(3)}`,
    metric_config: configOf(countMetric(findings)),
    test_config: { type: 'evidently:test_v2:LessThanMetricTest', is_critical: true, threshold },
    status: holds ? 'SUCCESS' : 'FAIL',
  }
  return [share, ...findings.columns.map(columnTest)]
}

function columnTest(column: ColumnDrift): DriftTest {
  const { name, score, threshold, message } = column
  const scored = `Drift score is ${score?.toFixed(2)}. The drift detection method is PSI. The drift threshold is ${threshold?.toFixed(2)}.`
  return {
    id: 'drift',
    name: `Value Drift for column ${name}`,
    description: score === null ? `${message}.` : `${scored} ${message}.`,
    metric_config: configOf(columnMetric(column)),
    test_config: {},
    status: statusOf(column),
  }
}

function statusOf({ status, drifted }: ColumnDrift): DriftTest['status'] {
  if (status === 'vanished' || status === 'type_changed') return 'ERROR'
  if (status === 'new' || status === 'not_compared') return 'SKIPPED'
  return drifted ? 'FAIL' : 'SUCCESS'
}

function countMetric({ threshold }: Findings): Omit<DriftMetric, 'value'> {
  return named('DriftedColumnsCount', { drift_share: threshold })
}

function columnMetric({ name, method, threshold, score }: ColumnDrift): DriftMetric {
  const config = method === null ? { column: name } : { column: name, method, threshold }
  return { ...named('ValueDrift', config), value: score }
}

function named(type: string, config: Readonly<Record<string, unknown>>): Omit<DriftMetric, 'value'> {
  const fields = Object.entries(config).map(([key, value]) => `${key}=${value}`)
  const metric_name = `${type}(${fields.join(',')})`
  const id = createHash('md5').update(metric_name).digest('hex')
  return { id, metric_name, config: { type: `evidently:metric_v2:${type}`, ...config } }
}

function configOf({ id, config }: Omit<DriftMetric, 'value'>): DriftTest['metric_config'] {
  return { metric_id: id, params: config }
}
