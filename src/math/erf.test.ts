// Golden values: Python's math.erf and math.erfc, made by test/fixtures/tuning/make_numpy.py. Tolerance two units in
// the last place: the exponential function is not the C library's.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { erf, erfc } from './erf.ts'

const { errors }: { errors: { x: number; erf: number; erfc: number }[] } = JSON.parse(
  readFileSync('test/fixtures/tuning/numpy.json', 'utf8'),
)

test('erf and erfc equal the C library in every range of their argument', () => {
  const isNear = (value: number, expected: number): boolean =>
    Math.abs(value - expected) <= 2 * Number.EPSILON * Math.abs(expected)
  for (const golden of errors) {
    assert.ok(isNear(erf(golden.x), golden.erf), `erf(${golden.x}) = ${erf(golden.x)}`)
    assert.ok(isNear(erfc(golden.x), golden.erfc), `erfc(${golden.x}) = ${erfc(golden.x)}`)
  }
})

test('infinities and NaN have their limits', () => {
  assert.deepEqual([erf(Infinity), erf(-Infinity), erf(NaN)], [1, -1, NaN])
  assert.deepEqual([erfc(Infinity), erfc(-Infinity), erfc(NaN)], [0, 2, NaN])
})
