import type { ColumnDrift } from './column-drift.ts'
import { isCounted } from './compare-profile.ts'
import { METHODS } from './evidently-methods.ts'
import {
  countEntry,
  type DriftMetric,
  type DriftTest,
  scoreEntry,
  scoreSentence,
  scoreTest,
  shareTest,
} from './evidently-shape.ts'

/** Our own rows, to be told as Evidently tells its. */
interface Findings {
  readonly columns: readonly ColumnDrift[]
  readonly driftShare: number
  /** The share from which the data as a whole drifted. */
  readonly threshold: number
}

/** The count of drifted columns, then one metric a column. */
export function driftMetrics(findings: Findings): DriftMetric[] {
  return [countMetric(findings), ...findings.columns.map(columnMetric)]
}

/** The test of the share, then one test a column. */
export function driftTests(findings: Findings): DriftTest[] {
  const { driftShare, threshold } = findings
  const share = shareTest(countMetric(findings), { share: driftShare, below: threshold })
  return [share, ...findings.columns.map(columnTest)]
}

/** A row's test. */
export function columnTest(column: ColumnDrift): DriftTest {
  const { name, message } = column
  const scored = sentenceOf(column)
  return scoreTest(columnMetric(column), {
    column: name,
    status: statusOf(column),
    description: scored === null ? `${message}.` : `${scored} ${message}.`,
  })
}

/** A row's score. */
export function columnMetric({ name, method, threshold, score }: ColumnDrift): DriftMetric {
  const chosen = method === null || threshold === null ? undefined : { method, threshold }
  return scoreEntry({ column: name, chosen, score })
}

function countMetric({ columns, driftShare, threshold }: Findings): DriftMetric {
  const count = columns.filter((column) => isCounted(column) && column.drifted).length
  return countEntry({ driftShare: threshold, value: { count, share: driftShare } })
}

function sentenceOf({ score, method, threshold }: ColumnDrift): string | null {
  if (score === null || method === null || threshold === null) return null
  const label = method in METHODS ? METHODS[method as keyof typeof METHODS].label : method
  return scoreSentence({ score, label, threshold })
}

function statusOf({ status, drifted }: ColumnDrift): DriftTest['status'] {
  if (status === 'vanished' || status === 'type_changed') return 'ERROR'
  if (status === 'new' || status === 'not_compared') return 'SKIPPED'
  return drifted ? 'FAIL' : 'SUCCESS'
}
