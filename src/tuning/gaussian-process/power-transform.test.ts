// Golden values: SciPy 1.17.1's yeojohnson; see golden.fixture.ts. The exponents are searched to 1e-5 there and here.
import assert from 'node:assert/strict'
import test from 'node:test'
import { close, golden } from './golden.fixture.ts'
import {
  finiteScores,
  mostLikelyExponent,
  standardize,
  warpAndStandardize,
  yeoJohnson,
} from './power-transform.ts'

test('the exponent and the bent values equal SciPy’s', () => {
  for (const { values, exponent, warped } of golden.warped) {
    const numbers = Float64Array.from(values)
    close([mostLikelyExponent(standardize(numbers).values)], [exponent], 1e-4)
    close(warpAndStandardize(numbers), warped, 1e-3)
  }
})

test('the transform rises through every exponent, the special ones included', () => {
  const values = [-1e6, -3, -1e-9, 0, 1e-9, 0.5, 7, 1e6]
  for (const exponent of [-2, 0, 1e-9, 1, 2 - 1e-9, 2, 3]) {
    const bent = values.map((value) => yeoJohnson(value, exponent))
    assert.deepEqual(
      bent,
      bent.toSorted((a, b) => a - b),
      `${exponent}`,
    )
    assert.equal(yeoJohnson(0, exponent), 0)
  }
})

test('equal values are 0, and one is', () => {
  assert.deepEqual(warpAndStandardize(Float64Array.of(4, 4, 4)), new Float64Array(3))
  assert.deepEqual(warpAndStandardize(Float64Array.of(7)), new Float64Array(1))
})

test('infinite values count as the worst and the best finite one', () => {
  assert.deepEqual([...finiteScores([1, Infinity, 5, -Infinity], 'maximize')], [1, 5, 5, 1])
  assert.deepEqual([...finiteScores([Infinity, -Infinity], 'minimize').map(Math.abs)], [0, 0])
})
