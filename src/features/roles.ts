import type { Table } from '../data/table.ts'
import { FdsError } from '../errors.ts'

/** What a column is for, beside being a feature. Columns without a role are features. */
export interface ColumnRoles {
  /** What the model learns to predict; no feature. It need not stand in the table. */
  readonly label?: string
  /** When it happened: seconds (a number) or a timestamp; replaced by its parts. */
  readonly time?: string
  /** The transaction's own name; no feature. */
  readonly id?: string
  /** Whose transaction it is (customer, card); no feature. */
  readonly entity?: string
  /** The money moved; a feature, followed by its cents. */
  readonly amount?: string
  /** Columns to leave out. */
  readonly ignore?: readonly string[]
}

export type ColumnRole = 'label' | 'time' | 'id' | 'entity' | 'amount' | 'ignore'

/** A column named twice gets the first of these. */
const PRECEDENCE = ['label', 'id', 'entity', 'time', 'amount'] as const

/**
 * The role of each named column. A column with two roles has the first of: label, ignore, id, entity, time,
 * amount. COLUMN_MISSING if a role other than the label names a column that the table lacks.
 *
 * @example
 * rolesByColumn({ rowCount: 0, columns: [] }, { label: 'isFraud' }).get('isFraud') // 'label'
 */
export function rolesByColumn(table: Table, roles: ColumnRoles): ReadonlyMap<string, ColumnRole> {
  const known = table.columns.map((column) => column.name)
  const byColumn = new Map<string, ColumnRole>()
  const give = (column: string | undefined, role: ColumnRole): void => {
    if (column === undefined) return
    if (role !== 'label' && !known.includes(column)) throw new FdsError('COLUMN_MISSING', { column, known })
    if (!byColumn.has(column)) byColumn.set(column, role)
  }
  give(roles.label, 'label')
  for (const column of roles.ignore ?? []) give(column, 'ignore')
  for (const role of PRECEDENCE) give(roles[role], role)
  return byColumn
}
