// Golden values: SciPy 1.17.1, made by test/fixtures/tuning/make.py. Tolerance 1e-10 of the interval's width for
// quantiles, where SciPy itself stops its root search; 1e-12 relative for logarithms of masses.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { logNormalMass, truncatedNormalQuantile } from './truncated-normal.ts'

const golden: { a: number; b: number; q: number; z: number; log_mass: number }[] = JSON.parse(
  readFileSync('test/fixtures/tuning/truncated-normal.json', 'utf8'),
)

test('masses and quantiles of truncated normals equal SciPy, far into both tails', () => {
  for (const { a, b, q, z, log_mass } of golden) {
    const where = `q=${q} in [${a}, ${b}]`
    assert.ok(Math.abs(logNormalMass(a, b) - log_mass) <= 1e-12 * Math.max(1, Math.abs(log_mass)), where)
    assert.ok(Math.abs(truncatedNormalQuantile(q, a, b) - z) <= 1e-8 * Math.max(1, Math.abs(z)), where)
  }
})

test('a quantile never leaves its interval, at the ends included', () => {
  for (const { a, b } of golden) {
    for (const q of [0, Number.MIN_VALUE, 0.5, 1 - 2 ** -53, 1]) {
      const z = truncatedNormalQuantile(q, a, b)
      assert.ok(z >= a && z <= b, `${z} for q=${q} in [${a}, ${b}]`)
    }
  }
})

test('an empty interval has no mass', () => {
  assert.equal(logNormalMass(1, 1), Number.NEGATIVE_INFINITY)
  assert.equal(logNormalMass(-1, -1), Number.NEGATIVE_INFINITY)
})
