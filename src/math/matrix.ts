/**
 * A table of numbers, row after row: cell (row, column) is `values[row * columnCount + column]`.
 * float32, as XGBoost's own matrices; NaN means missing. Rooms pass it between each other without copying.
 */
export interface Matrix {
  readonly rowCount: number
  readonly columnCount: number
  readonly values: Float32Array
}

/**
 * Copies the given rows, in the given order. Cost O(rows × columns).
 *
 * @example
 * takeRows({ rowCount: 2, columnCount: 1, values: Float32Array.of(5, 7) }, [1]).values // Float32Array [7]
 */
export function takeRows(matrix: Matrix, rows: ArrayLike<number>): Matrix {
  const { columnCount, values } = matrix
  const taken = new Float32Array(rows.length * columnCount)
  for (let i = 0; i < rows.length; i++) {
    const start = rows[i] * columnCount
    taken.set(values.subarray(start, start + columnCount), i * columnCount)
  }
  return { rowCount: rows.length, columnCount, values: taken }
}
