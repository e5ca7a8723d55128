import { join } from 'node:path'
import type { Table } from '../../data/table.ts'
import type { Profile } from '../profile/profile.ts'
import { DataDriftPreset, Report } from './report.ts'

export interface DriftCheck {
  /** The share of drifted columns is below the threshold, and no column vanished or changed its type. */
  readonly passed: boolean
  readonly driftShare: number
  /** Where the page was written. */
  readonly reportPath: string
}

/**
 * The drift check of a pipeline: compares, decides and writes the page, `drift_report_YYYYMMDD.html`, or
 * `drift_alert_YYYYMMDD.html` where it did not pass, to `reportDir` ('reports'). The day is that of `now` in UTC;
 * without a clock the name has none. `driftThreshold`, 0.3 unless given, is the share of columns that may not be
 * reached. Errors as `Report.run` and STORAGE_FAILED.
 */
export async function runDriftMonitoring(
  reference: Table | Profile,
  current: Table,
  options: {
    readonly driftThreshold?: number
    readonly reportDir?: string
    readonly now?: () => number
  } = {},
): Promise<DriftCheck> {
  const { driftThreshold = 0.3, reportDir = 'reports', now } = options
  const preset = new DataDriftPreset({ driftShare: driftThreshold })
  const result = new Report([preset], { includeTests: true }).run({ reference, current })
  const hasFault = result.columns.some(({ status }) => status === 'vanished' || status === 'type_changed')
  const passed = result.driftShare < driftThreshold && !hasFault
  const day = now ? `_${new Date(now()).toISOString().slice(0, 10).replaceAll('-', '')}` : ''
  const reportPath = join(reportDir, `drift_${passed ? 'report' : 'alert'}${day}.html`)
  await result.saveHtml(reportPath)
  return { passed, driftShare: result.driftShare, reportPath }
}
