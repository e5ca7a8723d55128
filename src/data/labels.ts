import { FdsError } from '../errors.ts'
import { type Column, cellOf, columnOf, type Table } from './table.ts'

/**
 * The label column as 0 and 1: of a number column the values 0 and 1, of a boolean column false and true.
 * A text column is refused, even one of "0" and "1".
 *
 * Errors: COLUMN_MISSING; LABEL_INVALID with the first row (from 1) that is neither, a missing label included.
 */
export function labelsOf(table: Table, column: string): Uint8Array {
  const source = columnOf(table, column)
  const values = source.kind === 'number' || source.kind === 'boolean' ? source.values : undefined
  const labels = new Uint8Array(table.rowCount)
  for (let row = 0; row < table.rowCount; row++) {
    const value = values?.[row]
    if (value !== 0 && value !== 1)
      throw new FdsError('LABEL_INVALID', { column, row: row + 1, got: shown(source, row) })
    labels[row] = value
  }
  return labels
}

/**
 * LABEL_ONE_CLASS unless both 0 and 1 occur; names the one that does.
 *
 * @param where which rows they are, for the message, where they are not all
 */
export function requireBothClasses(labels: Uint8Array, column: string, where?: string): void {
  const value = labels[0] ?? 0
  if (labels.some((label) => label !== value)) return
  const place = where === undefined ? {} : { where }
  throw new FdsError('LABEL_ONE_CLASS', { column, value, rows: labels.length, ...place })
}

function shown(column: Column, row: number): string {
  const cell = cellOf(column, row)
  return cell === null
    ? 'a missing value'
    : typeof cell === 'string'
      ? JSON.stringify(cell.slice(0, 60))
      : String(cell)
}
