import { dot } from './dot.ts'

/**
 * Replaces the lower triangle of a symmetric matrix (row after row, the upper triangle is neither read nor
 * written) by its Cholesky factor L, with L Lᵀ the matrix. False, with the triangle spoilt, where the matrix is
 * not positive definite or holds NaN. Cost n³ / 6 multiplications.
 *
 * @example
 * const matrix = Float64Array.of(4, 0, 2, 5)
 * choleskyInPlace(matrix, 2) // true
 * matrix // Float64Array [2, 0, 1, 2]
 */
export function choleskyInPlace(matrix: Float64Array, size: number): boolean {
  for (let i = 0; i < size; i++) {
    const row = i * size
    for (let j = 0; j < i; j++) {
      const rest = matrix[row + j] - dot(matrix, row, matrix, j * size, j)
      matrix[row + j] = rest / matrix[j * size + j]
    }
    const square = matrix[row + i] - dot(matrix, row, matrix, row, i)
    if (!(square > 0) || square === Number.POSITIVE_INFINITY) return false
    matrix[row + i] = Math.sqrt(square)
  }
  return true
}

/** Writes L⁻¹ × `right` into `into`, which may be the same vector, for a factor of `choleskyInPlace`. Cost n² / 2. */
export function solveLower(
  factor: Float64Array,
  size: number,
  right: Float64Array,
  into: Float64Array,
): void {
  for (let i = 0; i < size; i++) {
    const row = i * size
    into[i] = (right[i] - dot(factor, row, into, 0, i)) / factor[row + i]
  }
}

/**
 * Writes (L⁻¹)ᵀ, upper triangular, into `inverse`; its lower triangle is left alone. Row i of it times row j of it
 * is cell (i, j) of the inverse of the factored matrix. Cost n³ / 6.
 */
export function invertTransposed(factor: Float64Array, size: number, inverse: Float64Array): void {
  for (let j = 0; j < size; j++) {
    const column = j * size
    inverse[column + j] = 1 / factor[column + j]
    for (let i = j + 1; i < size; i++) {
      const row = i * size
      inverse[column + i] = -dot(factor, row + j, inverse, column + j, i - j) / factor[row + i]
    }
  }
}
