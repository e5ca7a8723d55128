import { FdsError } from '../../errors.ts'
import type { Matrix } from '../../math/matrix.ts'
import type { Rows } from '../rows.ts'

/** Numbers of this size and above would push the cut above them out of float32. */
const VALUE_MAX = 1.7e38

/**
 * The rows as a matrix of float32; a matrix is not copied. Errors: `TRAINING_DATA_INVALID` unless there are rows,
 * columns, and a value for each cell. Cost O(cells) for a list of rows.
 */
export function matrixOf(x: Rows, what: string): Matrix {
  const matrix = 'columnCount' in x ? x : joinRows(x, what)
  const { rowCount, columnCount, values } = matrix
  if (rowCount === 0 || columnCount === 0) throw invalid(`${what} must have at least one row and one column`)
  if (values.length !== rowCount * columnCount) {
    throw invalid(`${what} must have ${rowCount} × ${columnCount} values, got ${values.length}`)
  }
  return matrix
}

function joinRows(rows: readonly ArrayLike<number>[], what: string): Matrix {
  const columnCount = rows[0]?.length ?? 0
  const values = new Float32Array(rows.length * columnCount)
  rows.forEach((row, i) => {
    if (row.length !== columnCount) {
      throw invalid(`${what}, row ${i}: must have ${columnCount} numbers as the first, got ${row.length}`)
    }
    values.set(row, i * columnCount)
  })
  return { rowCount: rows.length, columnCount, values }
}

/** NaN is missing, others must be finite. Errors: `TRAINING_DATA_INVALID`. Cost O(cells). */
export function checkValues({ columnCount, values }: Matrix, what: string): void {
  for (let cell = 0; cell < values.length; cell++) {
    if (Math.abs(values[cell]) >= VALUE_MAX) {
      const place = `row ${Math.floor(cell / columnCount)}, column ${cell % columnCount}`
      throw invalid(`${what}, ${place}: must be below ${VALUE_MAX} in size or NaN, got ${values[cell]}`)
    }
  }
}

/** The labels as bytes. Errors: `TRAINING_DATA_INVALID` unless there is one 0 or 1 for each row. */
export function checkLabels(y: ArrayLike<number>, rowCount: number, what: string): Uint8Array {
  if (y.length !== rowCount) throw invalid(`${what} must be ${rowCount}, one for each row, got ${y.length}`)
  const labels = new Uint8Array(rowCount)
  for (let row = 0; row < rowCount; row++) {
    if (y[row] !== 0 && y[row] !== 1) throw invalid(`${what} must be 0 or 1, got ${y[row]} in row ${row}`)
    labels[row] = y[row]
  }
  return labels
}

/**
 * Errors: `TRAINING_DATA_INVALID` unless there is one weight from 0 up for each row, finite in float32, and one
 * above 0.
 */
export function checkWeight(weight: ArrayLike<number> | undefined, rowCount: number, what = 'weights'): void {
  if (weight === undefined) return
  if (weight.length !== rowCount) {
    throw invalid(`${what} must be ${rowCount}, one for each row, got ${weight.length}`)
  }
  let heaviest = 0
  for (let row = 0; row < rowCount; row++) {
    const rounded = Math.fround(weight[row])
    if (!Number.isFinite(rounded) || rounded < 0) {
      throw invalid(`${what} must be finite and not negative, got ${weight[row]} in row ${row}`)
    }
    heaviest = Math.max(heaviest, rounded)
  }
  if (heaviest === 0) throw invalid('one weight at least must be above 0, got only 0')
}

/** The names, or f0, f1, … as XGBoost calls columns without names. Errors: `TRAINING_DATA_INVALID`. */
export function checkNames(names: readonly string[] | undefined, columnCount: number): readonly string[] {
  if (names === undefined) return Array.from({ length: columnCount }, (_, f) => `f${f}`)
  if (names.length !== columnCount || new Set(names).size !== columnCount) {
    throw invalid(`feature names must be ${columnCount} different ones, got ${names.length}`)
  }
  return names
}

function invalid(reason: string): FdsError {
  return new FdsError('TRAINING_DATA_INVALID', { reason })
}
