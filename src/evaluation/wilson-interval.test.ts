import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { isNoAnswer } from '../math/index.ts'
import { wilsonInterval } from './wilson-interval.ts'

interface Case {
  successes: number
  trials: number
  confidence: number
  interval: [number, number]
}
const golden: { wilson: Case[] } = JSON.parse(
  readFileSync('test/fixtures/evaluation/distributions.json', 'utf8'),
)

test('agrees with scipy from no success to all', () => {
  for (const { interval: expected, ...given } of golden.wilson) {
    const interval = wilsonInterval(given)
    assert.ok(!isNoAnswer(interval))
    for (const end of [0, 1])
      assert.ok(Math.abs(interval[end] - expected[end]) < 1e-12, JSON.stringify(given))
    const share = given.successes / given.trials
    assert.ok(0 <= interval[0] && interval[0] <= share && share <= interval[1] && interval[1] <= 1)
  }
})

test('no trials have no answer, impossible counts are refused', () => {
  assert.deepEqual(wilsonInterval({ successes: 0, trials: 0 }), { status: 'undefined', reason: 'NO_ROWS' })
  for (const [successes, trials] of [
    [3, 2],
    [-1, 2],
    [0, -1],
    [0, Number.NaN],
  ]) {
    assert.throws(() => wilsonInterval({ successes, trials }), { code: 'PARAM_INVALID' })
  }
  assert.throws(() => wilsonInterval({ successes: 1, trials: 2, confidence: 1 }), { code: 'PARAM_INVALID' })
})
