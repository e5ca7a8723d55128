import assert from 'node:assert/strict'
import test from 'node:test'
import { createPolicy, DEFAULT_POLICY } from './policy.ts'
import { RISK_LEVELS, riskLevel } from './risk-level.ts'

test('a probability equal to a threshold takes the stricter level', () => {
  const cases = [
    [0, 'approve'],
    [0.1799999, 'approve'],
    [0.18, 'verify'],
    [0.3999999, 'verify'],
    [0.4, 'hold'],
    [0.6499999, 'hold'],
    [0.65, 'block'],
    [1, 'block'],
  ] as const
  for (const [probability, level] of cases) assert.equal(riskLevel(probability, DEFAULT_POLICY), level)
})

test('levels never fall as the probability grows', () => {
  const ranks = Array.from({ length: 1001 }, (_, i) =>
    RISK_LEVELS.indexOf(riskLevel(i / 1000, DEFAULT_POLICY)),
  )
  assert.deepEqual(ranks, ranks.toSorted())
  assert.deepEqual(new Set(ranks), new Set([0, 1, 2, 3]))
})

test('equal thresholds leave the level between them empty', () => {
  const policy = createPolicy({ thresholds: { verify: 0.5, hold: 0.5, block: 0.5 } })
  assert.equal(riskLevel(0.49, policy), 'approve')
  assert.equal(riskLevel(0.5, policy), 'block')
})

test('what is no probability is refused and never approved', () => {
  for (const probability of [Number.NaN, -0.01, 1.01, Infinity, -Infinity]) {
    assert.throws(() => riskLevel(probability, DEFAULT_POLICY), { code: 'SCORES_INVALID' })
  }
})
