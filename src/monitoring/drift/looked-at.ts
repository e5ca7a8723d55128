import type { ColumnDrift, DriftFinding } from './column-drift.ts'

/** A finding before its verdict, which hangs on the tests of all columns. */
export interface LookedAt extends Omit<DriftFinding, 'drifted' | 'q_value'> {
  /** `fault`: drifted whatever the tests say; `material`: drifted if it is no chance; `none`: never drifted. */
  readonly weight: 'fault' | 'material' | 'none'
  /** Below which q-value it is no chance; 5 % unless given. */
  readonly level?: number
  /** What to say of it where it did not drift; the message unless given. */
  readonly calm?: string
}

/** A column before its verdict. */
export interface LookedAtColumn
  extends Omit<ColumnDrift, 'drifted' | 'p_value' | 'q_value' | 'findings' | 'message'> {
  /** The distribution first, where it was compared. */
  readonly lookedAt: readonly LookedAt[]
  /** What to say where nothing drifted. */
  readonly calm: string
}
