import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Table } from '../../data/table.ts'
import { FdsError } from '../../errors.ts'
import type { ColumnDrift } from '../drift/column-drift.ts'
import { compareProfile, isCounted } from '../drift/compare-profile.ts'
import { driftMetrics, driftTests } from '../drift/evidently-entries.ts'
import type { DriftMetric, DriftTest } from '../drift/evidently-shape.ts'
import { buildProfile } from '../profile/build-profile.ts'
import { countAgainst } from '../profile/count-against.ts'
import type { Profile } from '../profile/profile.ts'
import { type PageOptions, reportHtml } from './report-html.ts'

/** The report on the drift of every column. */
export class DataDriftPreset {
  /** The columns to compare; all unless given. */
  readonly columns: readonly string[] | undefined
  /** The data as a whole drifted where at least this share of the columns did; 0.5 unless given. */
  readonly driftShare: number
  /** How much the model relies on a column, by name, in any unit; the page ranks and tells by its parts. */
  readonly importance: Readonly<Record<string, number>> | undefined

  constructor(
    options: {
      readonly columns?: readonly string[]
      readonly driftShare?: number
      readonly importance?: Readonly<Record<string, number>>
    } = {},
  ) {
    const { driftShare = 0.5, importance } = options
    if (!(driftShare >= 0 && driftShare <= 1)) {
      throw new FdsError('PARAM_INVALID', {
        name: 'driftShare',
        expected: 'in [0, 1]',
        got: String(driftShare),
      })
    }
    const faulty = Object.entries(importance ?? {}).find(([, value]) => !(value >= 0 && value < Infinity))
    if (faulty) {
      throw new FdsError('PARAM_INVALID', {
        name: `importance of ${faulty[0]}`,
        expected: 'a finite number ≥ 0',
        got: String(faulty[1]),
      })
    }
    this.columns = options.columns
    this.driftShare = driftShare
    this.importance = importance
  }
}

/** The JSON of a report: Evidently's `metrics` and `tests`, and our own keys beside them. */
export interface ReportDict {
  readonly metrics: readonly DriftMetric[]
  readonly tests: readonly DriftTest[]
  /** No column drifted, none vanished or changed its type, and the share is below the preset's. */
  readonly passed: boolean
  readonly drift_share: number
  readonly columns: readonly ColumnDrift[]
}

/**
 * Compares current data with a reference, in Evidently's form. The reference may be a table or the profile saved
 * with a model. `includeTests` adds one test a column and one on the share of drifted columns.
 * PARAM_INVALID unless there is exactly one preset.
 *
 * @example
 * const table = { rowCount: 2, columns: [{ name: 'a', kind: 'number', values: Float64Array.of(1, 2) }] }
 * new Report([new DataDriftPreset()]).run({ reference: table, current: table }).passed // true
 */
export class Report {
  readonly #preset: DataDriftPreset
  readonly #includeTests: boolean

  constructor(
    metrics: readonly DataDriftPreset[],
    { includeTests = false }: { readonly includeTests?: boolean } = {},
  ) {
    if (metrics.length !== 1) {
      throw new FdsError('PARAM_INVALID', {
        name: 'metrics',
        expected: 'one preset',
        got: String(metrics.length),
      })
    }
    this.#preset = metrics[0]!
    this.#includeTests = includeTests
  }

  /** Errors as `compareProfile`, and COLUMN_MISSING for a chosen column that the reference lacks. */
  run({
    reference,
    current,
  }: {
    readonly reference: Table | Profile
    readonly current: Table
  }): ReportResult {
    const { columns: chosen, driftShare, importance } = this.#preset
    const profile = 'format' in reference ? chosenColumns(reference, chosen) : buildProfile(reference, chosen)
    const counted = chosenColumns(countAgainst(profile, current), chosen)
    const columns = compareProfile(profile, counted)
    return new ReportResult({
      columns,
      driftShare,
      importance,
      includeTests: this.#includeTests,
      reference: profile,
      current: counted,
    })
  }
}

/** What a report found. */
export class ReportResult {
  readonly passed: boolean
  /** Drifted columns among those that the reference has, times not counted. */
  readonly driftShare: number
  readonly columns: readonly ColumnDrift[]
  /** The counts behind the rows. */
  readonly reference: Profile
  readonly current: Profile
  /** As the preset has it. */
  readonly importance: Readonly<Record<string, number>> | undefined
  readonly #threshold: number
  readonly #includeTests: boolean

  constructor(input: {
    readonly columns: readonly ColumnDrift[]
    readonly driftShare: number
    readonly importance: Readonly<Record<string, number>> | undefined
    readonly includeTests: boolean
    readonly reference: Profile
    readonly current: Profile
  }) {
    const counted = input.columns.filter(isCounted)
    const drifted = counted.filter((column) => column.drifted)
    this.columns = input.columns
    this.driftShare = counted.length === 0 ? 0 : drifted.length / counted.length
    this.passed = drifted.length === 0
    this.reference = input.reference
    this.current = input.current
    this.importance = input.importance
    this.#threshold = input.driftShare
    this.#includeTests = input.includeTests
  }

  dict(): ReportDict {
    const input = { columns: this.columns, driftShare: this.driftShare, threshold: this.#threshold }
    return {
      metrics: driftMetrics(input),
      tests: this.#includeTests ? driftTests(input) : [],
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
    return reportHtml(this, options)
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

function chosenColumns(profile: Profile, chosen: readonly string[] | undefined): Profile {
  if (!chosen) return profile
  const columns = profile.columns.filter(({ name }) => chosen.includes(name))
  return { ...profile, columns }
}
