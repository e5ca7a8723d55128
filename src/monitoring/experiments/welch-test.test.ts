// Golden values: SciPy 1.17.1, made by test/fixtures/monitoring/make.py. Tolerance 1e-9 relative.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { createRandom, isNoAnswer } from '../../math/index.ts'
import { momentsOf, studentTestOfMoments, type WelchTest, welchTest, welchTestOfMoments } from '../index.ts'

const golden: {
  a: number[]
  b: number[]
  t: number
  df: number
  p_value: number
  ci: [number, number]
  pooled_t: number
  pooled_p_value: number
}[] = JSON.parse(readFileSync('test/fixtures/monitoring/welch.json', 'utf8'))

const near = (found: number, expected: number, tolerance = 1e-9) =>
  assert.ok(
    Math.abs(found - expected) <= tolerance * Math.max(Math.abs(expected), 1e-12),
    `${found} beside ${expected}`,
  )

test('equals SciPy, with means a million spreads from 0 too', () => {
  for (const { a, b, ...expected } of golden) {
    const found = welchTest(a, b) as WelchTest
    near(found.t, expected.t)
    near(found.degreesOfFreedom, expected.df)
    near(found.pValue, expected.p_value)
    near(found.ci[0], expected.ci[0])
    near(found.ci[1], expected.ci[1])
    const pooled = studentTestOfMoments({ a: momentsOf(a), b: momentsOf(b) }) as WelchTest
    near(pooled.t, expected.pooled_t)
    near(pooled.pValue, expected.pooled_p_value)
  }
})

test('the variance loses no digits where the mean is a billion spreads from 0', () => {
  const values = [1.5, -0.25, 3, 2]
  const shifted = values.map((value) => value + 2 ** 30)
  assert.equal(momentsOf(shifted).variance, momentsOf(values).variance)
})

test('equals GrowthBook’s published case, from sums', () => {
  const moments = (n: number, sum: number, squares: number) => ({
    n,
    mean: sum / n,
    variance: (squares - sum ** 2 / n) / (n - 1),
  })
  const a = moments(3407, 1396.87, 52377.9767)
  const b = moments(3461, 2422.7, 134698.29)
  const found = welchTestOfMoments({ a: b, b: a }) as WelchTest
  near(found.difference, 0.29, 1e-9)
  near(found.standardError, 0.1247836316, 1e-9)
  near(found.degreesOfFreedom, 5841.742, 1e-7)
  near(found.pValue, 0.0201584, 1e-5)
  near(found.ci[0], 0.0453779, 1e-5)
  near(found.ci[1], 0.5346221, 1e-6)
})

test('keeps its level on skewed costs of equal mean', () => {
  const random = createRandom(8)
  const costs = (n: number) => Array.from({ length: n }, () => Math.exp(random.normal()))
  let alarms = 0
  for (let run = 0; run < 1000; run++) {
    const found = welchTest(costs(300), costs(100))
    if (!isNoAnswer(found) && found.pValue < 0.05) alarms++
  }
  assert.ok(alarms > 25 && alarms < 90, `${alarms} alarms in 1000`)
})

test('too few values and no spread give no answer', () => {
  assert.deepEqual(welchTest([1], [1, 2]), { status: 'undefined', reason: 'TOO_FEW_ROWS' })
  assert.deepEqual(welchTest([], []), { status: 'undefined', reason: 'TOO_FEW_ROWS' })
  assert.deepEqual(welchTest([1, 1], [2, 2]), { status: 'undefined', reason: 'NO_VARIANCE' })
  assert.throws(() => welchTest([1, Number.NaN], [1, 2]), { code: 'SCORES_INVALID' })
})
