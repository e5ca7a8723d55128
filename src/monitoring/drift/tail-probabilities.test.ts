// Golden values: SciPy 1.17.1, made by test/fixtures/monitoring/make.py. Tolerance 1e-9: the sum stops nine
// standard deviations from its mean, and SciPy's own series carries some 1e-10.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { chiSquareTail, noncentralChiSquareTail } from './tail-probabilities.ts'

const golden: { x: number; df: number; lambda: number; tail: number }[] = JSON.parse(
  readFileSync('test/fixtures/monitoring/noncentral-chi-square.json', 'utf8'),
)

test('tails of the non-central chi-square distribution equal SciPy up to a non-centrality of 250,000', () => {
  for (const { x, df, lambda, tail } of golden) {
    const found = noncentralChiSquareTail({ x, degreesOfFreedom: df, lambda })
    assert.ok(Math.abs(found - tail) < 1e-9, `x=${x} df=${df} λ=${lambda}: ${found} beside ${tail}`)
  }
})

test('without a non-centrality it is the central distribution', () => {
  assert.equal(noncentralChiSquareTail({ x: 5, degreesOfFreedom: 3, lambda: 0 }), chiSquareTail(5, 3))
  assert.equal(noncentralChiSquareTail({ x: 0, degreesOfFreedom: 3, lambda: 2 }), 1)
})

test('far beyond the mean the tail is 0 and never more than 1', () => {
  assert.equal(noncentralChiSquareTail({ x: 1e7, degreesOfFreedom: 9, lambda: 1000 }), 0)
  assert.ok(noncentralChiSquareTail({ x: 1e-9, degreesOfFreedom: 9, lambda: 1000 }) <= 1)
})
