import { join } from 'node:path'
import type { Table } from '../../data/table.ts'
import type { Profile } from '../profile/profile.ts'
import { DataDriftPreset } from './metrics.ts'
import { Report, type ReportResult } from './report.ts'

export interface DriftCheck {
  /** The share of drifted columns is below the threshold, and no column vanished or changed its type. */
  readonly passed: boolean
  readonly driftShare: number
  /** Where the page was written. */
  readonly reportPath: string
}

/** Where pages go, and whose day they bear. */
export interface ReportFolder {
  /** Default `reports`. */
  readonly reportDir?: string
  /** Milliseconds since 1970; without a clock the name has no day. */
  readonly now?: () => number
}

/**
 * The drift check of a pipeline: compares, decides and writes the page, `drift_report_YYYYMMDD.html`, or
 * `drift_alert_YYYYMMDD.html` where it did not pass, to `reportDir` ('reports'). The day is that of `now` in UTC;
 * without a clock the name has none. `driftThreshold`, 0.3 unless given, is the share of columns that may not be
 * reached. Errors as `Report.run`, PARAM_INVALID for a threshold outside [0, 1], and STORAGE_FAILED.
 */
export async function runDriftMonitoring(
  reference: Table | Profile,
  current: Table,
  options: ReportFolder & { readonly driftThreshold?: number } = {},
): Promise<DriftCheck> {
  const { driftThreshold = 0.3 } = options
  const preset = new DataDriftPreset({ driftShare: driftThreshold })
  const result = new Report([preset], { includeTests: true }).run({ reference, current })
  const passed = staysBelow(result, driftThreshold)
  const reportPath = reportFile(passed, options)
  await result.saveHtml(reportPath)
  return { passed, driftShare: result.driftShare, reportPath }
}

/** Whether so few columns drifted that a pipeline may go on; a column that vanished or changed its type never may. */
export function staysBelow({ columns, driftShare }: ReportResult, threshold: number): boolean {
  const hasFault = columns.some(({ status }) => status === 'vanished' || status === 'type_changed')
  return driftShare < threshold && !hasFault
}

/** The page's usual name. */
export function reportFile(passed: boolean, { reportDir = 'reports', now }: ReportFolder): string {
  const day = now ? `_${new Date(now()).toISOString().slice(0, 10).replaceAll('-', '')}` : ''
  return join(reportDir, `drift_${passed ? 'report' : 'alert'}${day}.html`)
}
