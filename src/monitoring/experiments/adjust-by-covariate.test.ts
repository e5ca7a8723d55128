// Vector: the reference on serving and A/B tests, §3.7.
import assert from 'node:assert/strict'
import test from 'node:test'
import { type AdjustedTest, adjustByCovariate } from './adjust-by-covariate.ts'
import { pairMomentsOf } from './pair-moments.ts'

const champion = pairMomentsOf([3, 5, 4, 6, 8, 7], [2, 4, 3, 5, 6, 7])
const challenger = pairMomentsOf([4, 6, 7, 5, 9, 8], [3, 4, 6, 4, 6, 5])

test('the published adjustment', () => {
  const found = adjustByCovariate({ champion, challenger }) as AdjustedTest
  const near = (value: number, expected: number, digits: number) =>
    assert.ok(Math.abs(value - expected) <= 0.51 * 10 ** -digits, `${value} beside ${expected}`)
  near(found.theta, 1.0836120401, 10)
  near(found.champion, 5.5903010033, 10)
  near(found.challenger, 6.4096989967, 10)
  near(found.difference, 0.8193979933, 10)
  near(found.standardError, Math.sqrt((0.4579132 + 0.887734) / 6), 7)
  near(challenger.meanValue - champion.meanValue, 1, 12)
  near(champion.varianceValue, 3.5, 12)
  near(challenger.varianceValue, 3.5, 12)
})

test('a covariate that does not vary adjusts nothing', () => {
  const flat = pairMomentsOf([1, 2, 3], [1, 1, 1])
  assert.deepEqual(adjustByCovariate({ champion: flat, challenger: flat }), {
    status: 'undefined',
    reason: 'NO_VARIANCE',
  })
})
