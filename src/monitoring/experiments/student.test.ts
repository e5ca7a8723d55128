// Golden values: SciPy 1.17.1, made by test/fixtures/monitoring/make.py. Tolerance 1e-11 relative.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { studentQuantile, studentTwoSided } from './student.ts'

const golden: { t: number; df: number; two_sided: number; p: number; quantile: number }[] = JSON.parse(
  readFileSync('test/fixtures/monitoring/student.json', 'utf8'),
)

test('tails and quantiles of Student’s distribution equal SciPy from 1 to a million degrees of freedom', () => {
  for (const { t, df, two_sided, p, quantile } of golden) {
    const [tail, found] = [studentTwoSided(t, df), studentQuantile(p, df)]
    assert.ok(Math.abs(tail - two_sided) < 1e-11 * two_sided, `t=${t} df=${df}: ${tail} beside ${two_sided}`)
    assert.ok(Math.abs(found - quantile) < 1e-11 * quantile, `p=${p} df=${df}: ${found} beside ${quantile}`)
  }
})

test('the ends are exact', () => {
  assert.equal(studentTwoSided(0, 5), 1)
  assert.equal(studentTwoSided(Number.MAX_VALUE, 5), 0)
  assert.equal(studentQuantile(0.5, 3), 0)
})
