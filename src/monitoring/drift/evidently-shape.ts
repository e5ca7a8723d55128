import { type FieldValue, fingerprint, pythonFloat } from './evidently-fingerprint.ts'

/** One entry of `metrics`, as Evidently 0.7 has it. */
export interface DriftMetric {
  /** Evidently's own: a hash of the metric and what was asked of it, the same in every run. */
  readonly id: string
  readonly metric_name: string
  readonly config: Readonly<Record<string, unknown>>
  readonly value: MetricValue
}

/** Null where there is none: the column could not be compared. */
export type MetricValue =
  | number
  | null
  /** Of rows, or of drifted columns. */
  | { readonly count: number; readonly share: number }
  /** By value. */
  | { readonly counts: Readonly<Record<string, number>>; readonly shares: Readonly<Record<string, number>> }

/** One entry of `tests`. ERROR: the column could not be compared; SKIPPED: there was nothing to compare. */
export interface DriftTest {
  readonly id: 'lt' | 'drift' | 'eq' | 'le'
  readonly name: string
  readonly description: string
  readonly metric_config: { readonly metric_id: string; readonly params: Readonly<Record<string, unknown>> }
  readonly test_config: Readonly<Record<string, unknown>>
  readonly status: 'SUCCESS' | 'FAIL' | 'ERROR' | 'SKIPPED'
  readonly bound_test: Readonly<Record<string, unknown>>
}

/** A metric with what was tested of it. */
export interface ReportEntry {
  readonly metric: DriftMetric
  readonly tests: readonly DriftTest[]
}

/** The two lists of a report. What is asked for twice is there once, at its first place. */
export function dictionaryOf(entries: readonly ReportEntry[]): {
  readonly metrics: readonly DriftMetric[]
  readonly tests: readonly DriftTest[]
} {
  const seen = new Set<string>()
  const once = entries.filter(({ metric: { id } }) => seen.size < seen.add(id).size)
  return { metrics: once.map(({ metric }) => metric), tests: once.flatMap(({ tests }) => tests) }
}

/** A metric of Evidently and what was asked of it. */
export interface MetricSpec {
  readonly module: 'column_statistics' | 'dataset_statistics'
  readonly type: string
  /** In Evidently's order. */
  readonly fields: Readonly<Record<string, FieldValue | undefined>>
  /** Fields that the identity leaves out: defaults, and what Evidently itself chose. */
  readonly chosen?: readonly string[]
  /** How a field reads in the name where that is not its value. */
  readonly names?: Readonly<Record<string, string>>
}

/** The entry of a metric. */
export function metricEntry(spec: MetricSpec, value: MetricValue): DriftMetric {
  const fields = givenFields(spec)
  const own = Object.entries(fields).filter(([name]) => !spec.chosen?.includes(name))
  const shown = Object.entries(fields).flatMap(([name, field]) => shownField(spec, name, field))
  return {
    id: fingerprint(`evidently.metrics.${spec.module}.${spec.type}`, Object.fromEntries(own)),
    metric_name: `${spec.type}(${shown.join(',')})`,
    config: { type: `evidently:metric_v2:${spec.type}`, ...fields },
    value,
  }
}

/** How many columns drifted, and their share of those compared. `fields`: what was asked beside the share. */
export function countEntry(input: {
  readonly driftShare: number
  readonly fields?: Readonly<Record<string, FieldValue | undefined>>
  readonly value: { readonly count: number; readonly share: number }
}): DriftMetric {
  const { driftShare, fields: { columns, ...asked } = {}, value } = input
  return metricEntry(
    {
      module: 'column_statistics',
      type: 'DriftedColumnsCount',
      fields: { columns, drift_share: driftShare, ...asked },
      chosen: driftShare === 0.5 ? ['drift_share'] : [],
    },
    value,
  )
}

/** The score of a column; `method` and `threshold` as asked for, `chosen` what was taken where nothing was. */
export function scoreEntry(input: {
  readonly column: string
  readonly method?: string | undefined
  readonly threshold?: number | undefined
  readonly chosen?: { readonly method: string; readonly threshold: number } | undefined
  readonly score: number | null
}): DriftMetric {
  const { column, method, threshold, chosen, score } = input
  const asked = {
    column,
    ...(method !== undefined && { method }),
    ...(threshold !== undefined && { threshold }),
  }
  return metricEntry(
    {
      module: 'column_statistics',
      type: 'ValueDrift',
      fields: { ...asked, ...chosen, ...asked },
      chosen: ['method', 'threshold'].filter((name) => !(name in asked)),
    },
    score,
  )
}

/** The test that the share of drifted columns stays below the one given. */
export function shareTest(
  metric: DriftMetric,
  input: { readonly share: number; readonly below: number },
): DriftTest {
  const { share, below } = input
  const holds = share < below
  const limit = pythonFixed(below, 3)
  const test_config = testConfig('LessThanMetricTest', { threshold: below })
  return {
    id: 'lt',
    name: `Share of Drifted Columns: Less ${limit}`,
    description: `Share of Drifted Columns: Actual value ${pythonFixed(share, 3)} ${holds ? '<' : '>='} ${limit}`,
    metric_config: configOf(metric),
    test_config,
    status: holds ? 'SUCCESS' : 'FAIL',
    bound_test: boundTest('CountBoundTest', { metric, test: test_config, is_count: false }),
  }
}

/** The test of a column's score. */
export function scoreTest(
  metric: DriftMetric,
  input: { readonly column: string; readonly status: DriftTest['status']; readonly description: string },
): DriftTest {
  const { column, status, description } = input
  return {
    id: 'drift',
    name: `Value Drift for column ${column}`,
    description,
    metric_config: configOf(metric),
    test_config: {},
    status,
    bound_test: boundTest('ValueDriftBoundTest', { metric, test: testConfig('ValueDriftTest') }),
  }
}

/** What a column's test says where there is a score. */
export function scoreSentence(input: {
  readonly score: number
  readonly label: string
  readonly threshold: number
}): string {
  const { score, label, threshold } = input
  return `Drift score is ${pythonFixed(score, 2)}. The drift detection method is ${label}. The drift threshold is ${pythonFixed(threshold, 2)}.`
}

/** A test's own settings. */
export function testConfig(type: string, settings: Readonly<Record<string, unknown>> = {}) {
  return {
    type: `evidently:test_v2:${type}`,
    is_critical: true,
    alias: null,
    label_filters: null,
    ...settings,
  }
}

/** A test together with the metric it looks at. */
export function boundTest(
  type: string,
  input: { readonly metric: DriftMetric; readonly test: object; readonly is_count?: boolean },
) {
  const { metric, test, ...which } = input
  return { type: `evidently:bound_test:${type}`, test, metric_fingerprint: metric.id, ...which }
}

export function configOf({ id, config }: DriftMetric): DriftTest['metric_config'] {
  return { metric_id: id, params: config }
}

/**
 * Python's format `.2f`: a tie goes to the even digit, where `toFixed` goes up.
 *
 * @example
 * pythonFixed(0.125, 2) // '0.12'
 */
export function pythonFixed(value: number, digits: number): string {
  if (!Number.isFinite(value)) return pythonFloat(value)
  // only odd multiples of 2^-(digits + 1) lie exactly between two decimal numbers
  const isTie = Math.abs((value * 2 ** (digits + 1)) % 2) === 1
  const lower = Math.floor(Math.abs(value) * 10 ** digits)
  if (!isTie || lower % 2 === 1) return value.toFixed(digits)
  return ((Math.sign(value) * lower) / 10 ** digits).toFixed(digits)
}

function givenFields({ fields }: MetricSpec): Readonly<Record<string, FieldValue>> {
  return Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, FieldValue] => entry[1] !== undefined),
  )
}

/** Dictionaries, empty lists and tests are not in the name. */
function shownField({ names }: MetricSpec, name: string, field: FieldValue): string[] {
  const named = names?.[name]
  if (named !== undefined) return [`${name}=${named}`]
  if (typeof field === 'number') return [`${name}=${pythonFloat(field)}`]
  if (typeof field === 'string') return [`${name}=${field}`]
  return Array.isArray(field) && field.length > 0 ? [`${name}=${field.join(',')}`] : []
}
