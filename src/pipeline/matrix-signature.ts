import type { Matrix } from '../math/matrix.ts'
import type { SignatureColumn } from '../tracking/index.ts'

/** As many rows as MLflow's autologging keeps. */
const EXAMPLE_ROWS = 5

/** What MLflow should know of a model's input: its signature and an example. */
export interface MatrixSignature {
  readonly inputs: readonly SignatureColumn[]
  readonly example: readonly Float32Array[]
}

/**
 * The signature of the matrix that a model was trained on. A column with fractions is a `double`. One of whole numbers
 * is `any`: a frame may hold it as integers, booleans or, where a value is missing, as floats, all of which XGBoost
 * takes, while MLflow lets only one of them through `double` or `long`. Cost O(cells) at most.
 */
export function matrixSignature(matrix: Matrix, names: readonly string[]): MatrixSignature {
  const { rowCount, columnCount, values } = matrix
  const rows = Array.from({ length: Math.min(rowCount, EXAMPLE_ROWS) }, (_, row) =>
    values.slice(row * columnCount, (row + 1) * columnCount),
  )
  return { inputs: names.map((name, column) => ({ name, type: typeOf(matrix, column) })), example: rows }
}

function typeOf({ rowCount, columnCount, values }: Matrix, column: number): string {
  for (let at = column; at < rowCount * columnCount; at += columnCount) {
    if (values[at]! % 1 !== 0 && !Number.isNaN(values[at])) return 'double'
  }
  return 'any'
}
