import assert from 'node:assert/strict'
import test from 'node:test'
import { categoricalDistribution, contains, floatDistribution, intDistribution } from './distribution.ts'

const refused = (make: () => unknown, message: string) =>
  assert.throws(make, { code: 'DISTRIBUTION_INVALID', message })

test('an inverted range is refused in Optuna’s words', () => {
  refused(
    () => floatDistribution({ name: 'x', low: 1, high: 0 }),
    'Parameter "x": `low <= high` must hold, but got (low=1, high=0)',
  )
  refused(
    () => intDistribution({ name: 'n', low: 3, high: 2 }),
    'Parameter "n": `low <= high` must hold, but got (low=3, high=2)',
  )
})

test('the logarithm of a bound that is not positive is refused', () => {
  refused(
    () => floatDistribution({ name: 'x', low: 0, high: 1, log: true }),
    'Parameter "x": `low > 0` must hold for `log: true`, but got (low=0, high=1)',
  )
  refused(
    () => intDistribution({ name: 'n', low: 0, high: 5, log: true }),
    'Parameter "n": `low >= 1` must hold for `log: true`, but got (low=0, high=5)',
  )
})

test('bounds and steps that cannot be are refused', () => {
  const code = { code: 'DISTRIBUTION_INVALID' }
  assert.throws(() => floatDistribution({ name: 'x', low: Number.NaN, high: 1 }), code)
  assert.throws(() => floatDistribution({ name: 'x', low: 0, high: Number.POSITIVE_INFINITY }), code)
  assert.throws(() => floatDistribution({ name: 'x', low: 0, high: 1, step: 0 }), code)
  assert.throws(() => floatDistribution({ name: 'x', low: 1, high: 2, step: 0.5, log: true }), code)
  assert.throws(() => intDistribution({ name: 'n', low: 0.5, high: 2 }), code)
  assert.throws(() => intDistribution({ name: 'n', low: 0, high: 2, step: -1 }), code)
  assert.throws(() => intDistribution({ name: 'n', low: 1, high: 8, step: 2, log: true }), code)
  assert.throws(() => categoricalDistribution({ name: 'c', choices: [] }), code)
  assert.throws(() => categoricalDistribution({ name: 'c', choices: ['a', 'a'] }), code)
})

test('the upper bound moves down to the grid, without binary rounding', () => {
  assert.equal(floatDistribution({ name: 'x', low: 0.1, high: 1, step: 0.2 }).high, 0.9)
  assert.equal(floatDistribution({ name: 'x', low: 0, high: 0.3, step: 0.1 }).high, 0.3)
  assert.equal(intDistribution({ name: 'n', low: 2, high: 9, step: 3 }).high, 8)
})

test('a value belongs to a distribution only in range and on the grid', () => {
  const grid = floatDistribution({ name: 'x', low: 0, high: 1, step: 0.1 })
  assert.ok(contains(grid, 0.1 + 0.2))
  assert.ok(!contains(grid, 0.25))
  assert.ok(!contains(grid, 1.1))
  assert.ok(!contains(grid, 'a'))
  assert.ok(!contains(intDistribution({ name: 'n', low: 0, high: 5 }), 2.5))
  assert.ok(contains(categoricalDistribution({ name: 'c', choices: [null, 'a'] }), null))
  assert.ok(!contains(categoricalDistribution({ name: 'c', choices: ['a'] }), 'b'))
})
