// Golden values: SciPy 1.17.1, made by test/fixtures/tuning/make.py. Tolerance 1e-8 for quantiles, where SciPy itself
// stops its root search; 1e-12 relative for logarithms of masses.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { logNormalCdf, logNormalMass, truncatedNormalQuantile } from './truncated-normal.ts'

const golden: { a: number; b: number; q: number; z: number; log_mass: number }[] = JSON.parse(
  readFileSync('test/fixtures/tuning/truncated-normal.json', 'utf8'),
)

const quantile = (q: number, a: number, b: number): number =>
  truncatedNormalQuantile({ q, a, b, logMass: logNormalMass(a, b) })

test('masses and quantiles of truncated normals equal SciPy, far into both tails', () => {
  for (const { a, b, q, z, log_mass } of golden) {
    const where = `q=${q} in [${a}, ${b}]`
    assert.ok(Math.abs(logNormalMass(a, b) - log_mass) <= 1e-12 * Math.max(1, Math.abs(log_mass)), where)
    assert.ok(Math.abs(quantile(q, a, b) - z) <= 1e-8 * Math.max(1, Math.abs(z)), where)
  }
})

test('a quantile never leaves its interval, at the ends included', () => {
  for (const { a, b } of golden) {
    for (const q of [0, Number.MIN_VALUE, 0.5, 1 - 2 ** -53, 1]) {
      const z = quantile(q, a, b)
      assert.ok(z >= a && z <= b, `${z} for q=${q} in [${a}, ${b}]`)
    }
  }
})

test('an empty interval has no mass', () => {
  assert.equal(logNormalMass(1, 1), Number.NEGATIVE_INFINITY)
  assert.equal(logNormalMass(-1, -1), Number.NEGATIVE_INFINITY)
})

test('the logarithm of the distribution goes over into its asymptotic series without a step', () => {
  assert.ok(Math.abs(logNormalCdf(-20 + 1e-12) - logNormalCdf(-20 - 1e-12)) < 1e-9)
  // SciPy's log_ndtr
  assert.ok(Math.abs(logNormalCdf(-100) + 5005.524208694205) < 1e-9)
  assert.ok(Math.abs(logNormalCdf(7) / -1.2798125438866539e-12 - 1) < 1e-12)
})
