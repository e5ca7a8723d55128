import type { ColumnDrift } from './column-drift.ts'
import { METHODS } from './evidently-methods.ts'
import {
  countEntry,
  type DriftTest,
  type ReportEntry,
  scoreEntry,
  scoreSentence,
  scoreTest,
  shareTest,
} from './evidently-shape.ts'

/** The count of our own drifted columns and the test of their share. */
export function shareEntry(input: {
  readonly count: number
  readonly share: number
  /** The share from which the data as a whole drifted. */
  readonly below: number
}): ReportEntry {
  const { count, share, below } = input
  const metric = countEntry({ driftShare: below, value: { count, share } })
  return { metric, tests: [shareTest(metric, { share, below })] }
}

/** The score and the test of one of our own rows. */
export function columnEntry(column: ColumnDrift): ReportEntry {
  const { name, method, threshold, score, message } = column
  const chosen = method === null || threshold === null ? undefined : { method, threshold }
  const metric = scoreEntry({ column: name, chosen, score })
  const scored = sentenceOf(column)
  const description = scored === null ? `${message}.` : `${scored} ${message}.`
  return { metric, tests: [scoreTest(metric, { column: name, status: statusOf(column), description })] }
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
