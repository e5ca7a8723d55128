import { readTable } from '../data/index.ts'
import { DataDriftPreset, Report, type ReportResult } from '../monitoring/index.ts'

export interface DriftOfFilesInput {
  readonly reference: string
  readonly current: string
  /** Columns to compare; all without. */
  readonly columns?: readonly string[]
  /** Where to write the page; none without. */
  readonly out?: string
}

/** The answer of `fds drift`: Evidently's `metrics` and `tests`, our rows, and where the page lies. */
export type DriftOfFiles = ReturnType<ReportResult['dict']> & { readonly report_path: string | null }

/** Compares two files, column by column, and writes the page if asked. */
export async function driftOfFiles(input: DriftOfFilesInput): Promise<DriftOfFiles> {
  const { columns, out } = input
  const [reference, current] = [await readTable(input.reference), await readTable(input.current)]
  const preset = new DataDriftPreset(columns === undefined ? {} : { columns })
  const result = new Report([preset], { includeTests: true }).run({ reference, current })
  if (out !== undefined) await result.saveHtml(out)
  return { ...result.dict(), report_path: out ?? null }
}
