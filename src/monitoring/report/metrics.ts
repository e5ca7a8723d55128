import { FdsError } from '../../errors.ts'
import { DISTRIBUTION_METHODS } from '../drift/distribution-finding.ts'
import type { MethodOptions } from '../drift/evidently-drift.ts'
import type { MethodName } from '../drift/evidently-methods.ts'

/** What may be in a report. */
export type ReportMetric = DataDriftPreset | ValueDrift | DataSummaryPreset

/** The methods of both modes; Evidently's TVD draws lots, and is for our own alone. */
export type AnyMethod = MethodName | 'TVD'

export interface DataDriftOptions extends MethodOptions<AnyMethod> {
  /** The columns to compare; all unless given. */
  readonly columns?: readonly string[]
  /** The data as a whole drifted where at least this share of the columns did; 0.5 unless given. */
  readonly driftShare?: number
  /** How much the model relies on a column, by name, in any unit; the page ranks and tells by its parts. */
  readonly importance?: Readonly<Record<string, number>>
}

/**
 * The drift of every column, or of those chosen. Methods and thresholds: a column's own before its type's (`num…`,
 * `cat…`) before the one for all. The mode `fds` knows psi, ks, wasserstein, jensenshannon, z, chisquare, hellinger,
 * kl_div and TVD, each of which must be no chance besides. PARAM_INVALID.
 *
 * @example
 * new DataDriftPreset({ driftShare: 0.3 }).driftShare // 0.3
 */
export class DataDriftPreset {
  readonly columns: readonly string[] | undefined
  readonly driftShare: number
  readonly importance: Readonly<Record<string, number>> | undefined
  readonly methods: MethodOptions<AnyMethod>

  constructor(options: DataDriftOptions = {}) {
    const { columns, driftShare = 0.5, importance, ...methods } = options
    requireNumber('driftShare', driftShare, {
      isHeld: (share) => share >= 0 && share <= 1,
      expected: 'in [0, 1]',
    })
    for (const [name, value] of Object.entries(importance ?? {})) {
      requireNumber(`importance of ${name}`, value, POSITIVE)
    }
    requireMethods(methods)
    this.columns = columns
    this.driftShare = driftShare
    this.importance = importance
    this.methods = methods
  }
}

/**
 * The drift of one column, such as the target or the prediction. Without `method` and `threshold` the mode chooses.
 * PARAM_INVALID.
 *
 * @example
 * new ValueDrift({ column: 'score', method: 'psi' }).method // 'psi'
 */
export class ValueDrift {
  readonly column: string
  readonly method: AnyMethod | undefined
  readonly threshold: number | undefined

  constructor(options: {
    readonly column: string
    readonly method?: AnyMethod
    readonly threshold?: number
  }) {
    const { column, method, threshold } = options
    requireMethods({ ...(method !== undefined && { method }), ...(threshold !== undefined && { threshold }) })
    this.column = column
    this.method = method
    this.threshold = threshold
  }
}

/**
 * What is in the data: rows, columns, missing, equal and constant ones, and of every number its range, mean,
 * deviation and quartiles, of every category its values; the numbers are Evidently's. With tests, each is tested
 * against the reference's, which must then be a table. `columns`: those alone.
 *
 * @example
 * new DataSummaryPreset({ columns: ['amount'] }).columns // [ 'amount' ]
 */
export class DataSummaryPreset {
  readonly columns: readonly string[] | undefined

  constructor({ columns }: { readonly columns?: readonly string[] } = {}) {
    this.columns = columns
  }
}

interface Rule {
  readonly isHeld: (value: number) => boolean
  readonly expected: string
}

const POSITIVE: Rule = { isHeld: (value) => value >= 0 && value < Infinity, expected: 'a finite number ≥ 0' }

function requireNumber(name: string, value: number, { isHeld, expected }: Rule): void {
  if (!isHeld(value)) throw new FdsError('PARAM_INVALID', { name, expected, got: String(value) })
}

function requireMethods(options: MethodOptions<AnyMethod>): void {
  const { perColumnMethod = {}, perColumnThreshold = {}, ...others } = options
  for (const [name, value] of Object.entries({ ...others, ...perColumnMethod, ...perColumnThreshold })) {
    if (typeof value === 'number') requireNumber(name, value, POSITIVE)
    else if (!DISTRIBUTION_METHODS.includes(value)) {
      const expected = `one of ${DISTRIBUTION_METHODS.join(', ')}`
      throw new FdsError('PARAM_INVALID', { name, expected, got: String(value) })
    }
  }
}
