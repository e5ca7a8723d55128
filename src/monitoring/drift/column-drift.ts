import type { ColumnProfile } from '../profile/profile.ts'
import type { PsiBand } from './psi-band.ts'

/**
 * What could be said of a column: compared; gone from the current data; only in them; of another type than in
 * the reference; or a time, which always moves and is not compared.
 */
export type ColumnStatus = 'compared' | 'vanished' | 'new' | 'type_changed' | 'not_compared'

/** What a finding is about. The last three are faults of the schema. */
export type FindingKind =
  | 'distribution'
  | 'missing'
  | 'new_categories'
  | 'out_of_range'
  | 'infinite'
  | 'vanished'
  | 'new_column'
  | 'type_changed'

/** One thing that was looked at in a column; keys as in the JSON. */
export interface DriftFinding {
  readonly kind: FindingKind
  readonly drifted: boolean
  /** The size of the change: the distribution's score, else a share of rows. Null for a fault of the schema. */
  readonly score: number | null
  /** From where on the score matters. */
  readonly threshold: number | null
  /** How likely data without any change give so large a one; null where nothing was tested. */
  readonly p_value: number | null
  /** The p-value after Benjamini and Hochberg's correction over all tests of the report. */
  readonly q_value: number | null
  /** The finding in one sentence without a full stop. */
  readonly message: string
}

/** One row of a drift report; keys as in its JSON. Null where the status leaves no number. */
export interface ColumnDrift {
  readonly name: string
  readonly type: ColumnProfile['type']
  readonly status: ColumnStatus
  /** The method that gave `score`, by Evidently's name: psi, ks, wasserstein, … */
  readonly method: string | null
  readonly score: number | null
  readonly threshold: number | null
  /** Whether any finding drifted. */
  readonly drifted: boolean
  readonly psi: number | null
  readonly band: PsiBand | null
  /** What the band asks for; at least `watch` where anything drifted. */
  readonly action: DriftAction | null
  /** How likely data without any change in distribution give so large a one. */
  readonly p_value: number | null
  /** The p-value after Benjamini and Hochberg's correction over all tests of the report. */
  readonly q_value: number | null
  /** How likely data whose true index is 0.1 give this index or a larger one; null for other methods than psi. */
  readonly material_p_value: number | null
  /** Shares of the rows without a value. */
  readonly missing: { readonly reference: number | null; readonly current: number | null }
  /** What was looked at, the distribution first; all that drifted, and what was tested. */
  readonly findings: readonly DriftFinding[]
  /** The gravest finding in one sentence without a full stop. */
  readonly message: string
}

/** What to do about a column. */
export type DriftAction = 'maintain' | 'watch' | 'retrain'
