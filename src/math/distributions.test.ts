// Against scipy 1.17.1, relative 1e-12: in the far tails exp(−z² / 2) multiplies the rounding of z² / 2.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { normalCdf, normalQuantile } from './distributions.ts'

type Pairs = [number, number][]
const golden: { cdf: Pairs; upper: Pairs; quantile: Pairs } = JSON.parse(
  readFileSync('test/fixtures/evaluation/distributions.json', 'utf8'),
)

test('the normal distribution agrees with scipy, far tails included', () => {
  for (const [z, expected] of golden.cdf) assertRelative(normalCdf(z), expected)
  for (const [z, expected] of golden.upper) assertRelative(normalCdf(z, { upper: true }), expected)
  for (const [p, expected] of golden.quantile) assertRelative(normalQuantile(p), expected)
})

test('the ends and NaN are as documented', () => {
  assert.equal(normalQuantile(0), -Infinity)
  assert.equal(normalQuantile(1), Infinity)
  assert.ok([normalQuantile(-0.1), normalQuantile(1.1), normalCdf(Number.NaN)].every(Number.isNaN))
  assert.equal(normalCdf(-40), 0)
  assert.equal(normalCdf(40), 1)
})

function assertRelative(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) <= 1e-12 * Math.abs(expected), `${actual} for ${expected}`)
}
