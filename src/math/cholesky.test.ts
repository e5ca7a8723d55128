import assert from 'node:assert/strict'
import test from 'node:test'
import { choleskyInPlace, invertTransposed, solveLower } from './cholesky.ts'
import { dot } from './dot.ts'
import { createRandom } from './random.ts'

/** A Aᵀ + ½ I, row after row. */
function positiveMatrix(size: number, seed: number): Float64Array {
  const random = createRandom(seed)
  const a = Array.from({ length: size }, () => Array.from({ length: size }, () => random.normal()))
  const cells = a.flatMap((row, i) =>
    a.map((other, j) => row.reduce((sum, value, k) => sum + value * other[k], 0) + (i === j ? 0.5 : 0)),
  )
  return Float64Array.from(cells)
}

test('the factor times its transpose is the matrix, and solving undoes multiplying', () => {
  for (const size of [1, 2, 5, 8, 23]) {
    const matrix = positiveMatrix(size, size)
    const factor = Float64Array.from(matrix)
    assert.ok(choleskyInPlace(factor, size))
    const inverse = new Float64Array(size * size)
    invertTransposed(factor, size, inverse)
    const lower = (i: number, k: number) => (k <= i ? factor[i * size + k] : 0)
    for (let i = 0; i < size; i++) {
      const row = Float64Array.from({ length: size }, (_, j) => matrix[i * size + j])
      solveLower(factor, size, row, row)
      for (let j = 0; j < size; j++) {
        let product = 0
        let identity = 0
        for (let k = 0; k < size; k++) {
          product += lower(i, k) * lower(j, k)
          const cell = dot(inverse, k * size, inverse, j * size, size)
          identity += matrix[i * size + k] * cell
        }
        assert.ok(Math.abs(product - matrix[i * size + j]) < 1e-12 * size)
        assert.ok(Math.abs(identity - Number(i === j)) < 1e-9)
        assert.ok(Math.abs(row[j] - lower(i, j)) < 1e-9)
      }
    }
  }
})

test('a matrix that is not positive definite has no factor', () => {
  assert.equal(choleskyInPlace(Float64Array.of(1, 0, 2, 1), 2), false)
  assert.equal(choleskyInPlace(Float64Array.of(0), 1), false)
  assert.equal(choleskyInPlace(Float64Array.of(Number.NaN), 1), false)
  assert.equal(choleskyInPlace(Float64Array.of(Number.POSITIVE_INFINITY), 1), false)
})

test('a dot product starts where it is told, for every remainder of four', () => {
  const a = Float64Array.of(9, 1, 2, 3, 4, 5, 6, 7, 8)
  for (let length = 0; length <= 8; length++) {
    const expected = a.slice(1, 1 + length).reduce((sum, value, i) => sum + value * a[i], 0)
    assert.equal(dot(a, 1, a, 0, length), expected)
  }
})
