// Golden values: Optuna 5.0.0's own estimator, made by test/fixtures/tuning/make.py. Tolerance 1e-12.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { RandomState } from '../../math/random-state.ts'
import { type Distribution, intDistribution } from '../study/distribution.ts'
import { estimatorOf } from './parzen-estimator.fixture.ts'

const golden: {
  space: [string, Distribution][]
  observed: number[][]
  points: number[][]
  log_density: number[]
}[] = JSON.parse(readFileSync('test/fixtures/tuning/parzen.json', 'utf8'))
const columns = (lists: number[][]) => lists.map((list) => Float64Array.from(list))

test('the density equals Optuna for every kind of parameter, alone and together', () => {
  for (const { space, observed, points, log_density } of golden) {
    const density = estimatorOf(space, observed).logDensity(columns(points))
    log_density.forEach((expected, i) => {
      const where = `${space.map(([name]) => name)}, ${observed[0]!.length} points`
      assert.ok(Math.abs(density[i]! - expected) <= 1e-12 * Math.max(1, Math.abs(expected)), where)
    })
  }
})

test('the probabilities of a whole-number parameter add up to 1', () => {
  for (const log of [false, true]) {
    const distribution = intDistribution({ name: 'n', low: 1, high: 40, log })
    const density = estimatorOf([['n', distribution]], [[3, 3, 17, 40, 1]])
    const all = density.logDensity([Float64Array.from({ length: 40 }, (_, i) => i + 1)])
    const sum = all.reduce((total, logP) => total + Math.exp(logP), 0)
    assert.ok(Math.abs(sum - 1) < 1e-12, `${sum}`)
  }
})

test('draws follow the density', () => {
  const distribution = intDistribution({ name: 'n', low: 0, high: 9 })
  const estimator = estimatorOf([['n', distribution]], [[2, 2, 7]])
  const drawn = estimator.sample(20_000, new RandomState(5))[0]!
  const expected = estimator.logDensity([Float64Array.from({ length: 10 }, (_, i) => i)]).map(Math.exp)
  const chiSquare = expected.reduce((sum, p, n) => {
    const count = drawn.filter((value) => value === n).length
    return sum + (count - 20_000 * p) ** 2 / (20_000 * p)
  }, 0)
  assert.ok(chiSquare < 27.9, `chi-square ${chiSquare} with 9 degrees of freedom passes the 99.9 % point`)
})
