import { selectRows, type Table } from '../../src/data/index.ts'
import { type ColumnRoles, fitFeatures, transformTable } from '../../src/features/index.ts'
import type { Labelled } from './data-files.ts'

/** Two parts of a table as numbers, encoded as `fds train` does: features are fitted on the first part alone. */
export function encodeParts(input: {
  readonly table: Table
  readonly labels: Uint8Array
  readonly roles: ColumnRoles
  readonly train: Int32Array
  readonly test: Int32Array
}): { readonly train: Labelled; readonly test: Labelled } {
  const { table, labels, roles, train, test } = input
  const labelsAt = (rows: Int32Array): Uint8Array => Uint8Array.from(rows, (row) => labels[row]!)
  const trainLabels = labelsAt(train)
  const { spec, matrix } = fitFeatures({ table: selectRows(table, train), labels: trainLabels, roles })
  return {
    train: { x: matrix, y: trainLabels },
    test: { x: transformTable(spec, selectRows(table, test)), y: labelsAt(test) },
  }
}
