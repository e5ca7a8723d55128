// Golden values: NumPy 2.4.6 on x86-64, made by test/fixtures/tuning/make_numpy.py.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { numpyArgsort } from './numpy-argsort.ts'
import { pairwiseSum } from './pairwise-sum.ts'

const golden: {
  orders: { values: number[]; order: number[] }[]
  sums: { size: number; sum: number }[]
} = JSON.parse(readFileSync('test/fixtures/tuning/numpy.json', 'utf8'))

test('equal values are in NumPy’s order up to 256 elements', () => {
  for (const { values, order } of golden.orders) {
    assert.deepEqual([...numpyArgsort(Float64Array.from(values))], order, `${values.length} values`)
  }
})

test('above 256 elements equal values keep their order', () => {
  const values = Float64Array.from({ length: 300 }, (_, i) => (i * 7) % 5)
  const expected = [...values.keys()].sort((a, b) => values[a] - values[b])
  assert.deepEqual([...numpyArgsort(values)], expected)
  assert.deepEqual([...numpyArgsort(new Float64Array(0))], [])
})

test('sums are NumPy’s to the last bit', () => {
  for (const { size, sum } of golden.sums) {
    assert.equal(
      pairwiseSum(
        Float64Array.from({ length: size }, (_, i) => 1 / (i + 1)),
        size,
      ),
      sum,
      `${size}`,
    )
  }
})
