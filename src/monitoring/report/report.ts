import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Table } from '../../data/table.ts'
import { FdsError } from '../../errors.ts'
import type { ColumnDrift } from '../drift/column-drift.ts'
import { type DriftMetric, type DriftTest, dictionaryOf, type ReportEntry } from '../drift/evidently-shape.ts'
import type { DataDefinition } from '../drift/evidently-types.ts'
import type { Profile } from '../profile/profile.ts'
import { DataDriftPreset, type ReportMetric, ValueDrift } from './metrics.ts'
import { evidentlyFindings } from './report-evidently.ts'
import { type PageOptions, reportHtml } from './report-html.ts'
import { isProfile, ownFindings } from './report-own.ts'

/** The JSON of a report: Evidently's `metrics` and `tests`, and our own keys beside them. */
export interface ReportDict {
  readonly metrics: readonly DriftMetric[]
  readonly tests: readonly DriftTest[]
  /** No column drifted, and each could be compared. */
  readonly passed: boolean
  readonly drift_share: number
  readonly columns: readonly ColumnDrift[]
}

export interface ReportOptions {
  /** Adds the tests: one a column, one on the share of drifted columns, the summary's against the reference. */
  readonly includeTests?: boolean
  /** `fds` decides by our own statistics; `evidently` gives Evidently 0.7.23's choices and numbers. Default `fds`. */
  readonly mode?: 'fds' | 'evidently'
  /** The column of the labels: reported on its own, and left out while the current data have none. */
  readonly target?: string
  /** The column of the scores: reported on its own. */
  readonly prediction?: string
}

export interface ReportInput {
  /** A table, or in mode `fds` the profile saved with a model. */
  readonly reference: Table | Profile
  /** A table, or in mode `fds` its counts against that profile (`countAgainst`), which may be sums of parts. */
  readonly current: Table | Profile
  /** Types that are said, not inferred, for the mode `evidently` and for summaries. */
  readonly dataDefinition?: DataDefinition
}

/** What a report is made of. */
export interface Findings {
  readonly columns: readonly ColumnDrift[]
  /** Drifted columns among those compared. */
  readonly driftShare: number
  readonly entries: readonly ReportEntry[]
  /** The counts behind the rows. */
  readonly reference: Profile
  readonly current: Profile
}

/**
 * Compares current data with a reference, in Evidently's form: any number of `ValueDrift`s, a `DataDriftPreset`, a
 * `DataSummaryPreset`, reported in their order. A target and a prediction are two more `ValueDrift`s.
 * PARAM_INVALID for nothing to report and for two presets of a kind.
 *
 * @example
 * const table = { rowCount: 2, columns: [{ name: 'a', kind: 'number', values: Float64Array.of(1, 2) }] }
 * new Report([new DataDriftPreset()]).run({ reference: table, current: table }).passed // true
 */
export class Report {
  readonly #metrics: readonly ReportMetric[]
  readonly #options: ReportOptions

  constructor(metrics: readonly ReportMetric[], options: ReportOptions = {}) {
    const drifts = metrics.filter((metric) => metric instanceof DataDriftPreset).length
    if (metrics.length === 0 || drifts > 1) {
      throw new FdsError('PARAM_INVALID', {
        name: 'metrics',
        expected: 'at least one, with at most one DataDriftPreset',
        got: drifts > 1 ? `${drifts} of them` : 'none',
      })
    }
    this.#metrics = metrics
    this.#options = options
  }

  /**
   * Errors as `compareProfile`, COLUMN_MISSING for a chosen column that the reference lacks, PARAM_INVALID for a
   * profile or a method in a mode that has no use for it.
   */
  run(input: ReportInput): ReportResult {
    const { mode = 'fds', includeTests = false, target, prediction } = this.#options
    const found: readonly { readonly name: string }[] = input.current.columns
    const isLate = target !== undefined && !found.some(({ name }) => name === target)
    const roles = [isLate ? undefined : target, prediction].filter((column) => column !== undefined)
    const metrics = [...this.#metrics, ...roles.map((column) => new ValueDrift({ column }))]
    const data = isLate ? { ...input, reference: without(input.reference, target) } : input
    const findings = (mode === 'fds' ? ownFindings : evidentlyFindings)(metrics, data)
    const importance = metrics.find((metric) => metric instanceof DataDriftPreset)?.importance
    return new ReportResult(findings, { includeTests, importance, target, prediction })
  }
}

/** What a report found. */
export class ReportResult {
  readonly passed: boolean
  /** Drifted columns among those compared. */
  readonly driftShare: number
  readonly columns: readonly ColumnDrift[]
  /** The counts behind the rows. */
  readonly reference: Profile
  readonly current: Profile
  /** As the preset has it. */
  readonly importance: Readonly<Record<string, number>> | undefined
  readonly #entries: readonly ReportEntry[]
  readonly #includeTests: boolean
  readonly #roles: { readonly target?: string; readonly prediction?: string }

  constructor(
    findings: Findings,
    asked: {
      readonly includeTests: boolean
      readonly importance: Readonly<Record<string, number>> | undefined
      readonly target: string | undefined
      readonly prediction: string | undefined
    },
  ) {
    const { target, prediction } = asked
    this.columns = findings.columns
    this.driftShare = findings.driftShare
    const hasError = findings.entries.some(({ tests }) => tests.some(({ status }) => status === 'ERROR'))
    this.passed = !hasError && !findings.columns.some(({ drifted }) => drifted)
    this.reference = findings.reference
    this.current = findings.current
    this.importance = asked.importance
    this.#entries = findings.entries
    this.#includeTests = asked.includeTests
    this.#roles = { ...(target !== undefined && { target }), ...(prediction !== undefined && { prediction }) }
  }

  dict(): ReportDict {
    const { metrics, tests } = dictionaryOf(this.#entries)
    return {
      metrics,
      tests: this.#includeTests ? tests : [],
      passed: this.passed,
      drift_share: this.driftShare,
      columns: this.columns,
    }
  }

  json(): string {
    return JSON.stringify(this.dict())
  }

  /** One self-contained page. */
  html(options: PageOptions = {}): string {
    return reportHtml(this, { ...this.#roles, ...options })
  }

  /** Writes the page, making its folder where there is none. STORAGE_FAILED. */
  async saveHtml(path: string, options: PageOptions = {}): Promise<void> {
    try {
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, this.html(options))
    } catch (error) {
      throw new FdsError('STORAGE_FAILED', { what: path, reason: (error as Error).message }, { cause: error })
    }
  }
}

function without(reference: Table | Profile, column: string): Table | Profile {
  const kept = <C extends { readonly name: string }>(columns: readonly C[]) =>
    columns.filter(({ name }) => name !== column)
  return isProfile(reference)
    ? { ...reference, columns: kept(reference.columns) }
    : { ...reference, columns: kept(reference.columns) }
}
