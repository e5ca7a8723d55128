import assert from 'node:assert/strict'
import test from 'node:test'
import { takeRows } from './matrix.ts'

const matrix = { rowCount: 3, columnCount: 2, values: Float32Array.of(1, 2, 3, 4, Number.NaN, 6) }

test('takes rows in the given order, repeated ones and missing values included', () => {
  const taken = takeRows(matrix, Int32Array.of(2, 0, 2))
  assert.deepEqual(taken, {
    rowCount: 3,
    columnCount: 2,
    values: Float32Array.of(Number.NaN, 6, 1, 2, Number.NaN, 6),
  })
})

test('taking no rows keeps the columns', () => {
  assert.deepEqual(takeRows(matrix, []), { rowCount: 0, columnCount: 2, values: new Float32Array(0) })
})

test('the taken rows are a copy', () => {
  const taken = takeRows(matrix, [0])
  taken.values[0] = 99
  assert.equal(matrix.values[0], 1)
})
