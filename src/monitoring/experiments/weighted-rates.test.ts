// Vector: the reference on serving and A/B tests, §3.8.
import assert from 'node:assert/strict'
import test from 'node:test'
import { createRandom } from '../../math/index.ts'
import { weightedRates } from '../index.ts'

test('the published vector', () => {
  const found = weightedRates({
    weights: [1, 1, 1, 20, 20, 20, 20],
    labels: [0, 1, 0, 1, 1, 0, 1],
    blocks: [0, 0, 0, 1, 1, 1, 1],
  })
  assert.equal(found.precision, 0.75)
  assert.equal(found.recall, 60 / 61)
  // printed as 4.297568; 83² / 1603 is 4.297567
  assert.ok(Math.abs(found.effectiveSampleSize - 4.297567) < 5e-7)
})

test('sees what was hidden: the rates of all decisions, from one blocked decision in twenty', () => {
  const random = createRandom(4)
  const all = Array.from({ length: 200_000 }, () => {
    const block = random.next() < 0.1 ? 1 : 0
    return {
      block,
      label: random.next() < (block ? 0.6 : 0.01) ? 1 : 0,
      isSeen: !block || random.next() < 0.05,
    }
  })
  const ratesOf = (rows: typeof all, weigh: (row: (typeof all)[number]) => number) =>
    weightedRates({
      weights: rows.map(weigh),
      labels: rows.map(({ label }) => label),
      blocks: rows.map(({ block }) => block),
    })
  const truth = ratesOf(all, () => 1)
  const seen = ratesOf(
    all.filter(({ isSeen }) => isSeen),
    ({ block }) => (block ? 20 : 1),
  )
  for (const rate of ['precision', 'recall'] as const) {
    assert.ok(Math.abs((seen[rate] as number) - (truth[rate] as number)) < 0.05, rate)
  }
})

test('nothing blocked and no fraud give no answer', () => {
  assert.deepEqual(weightedRates({ weights: [1], labels: [0], blocks: [0] }), {
    precision: { status: 'undefined', reason: 'NO_POSITIVE_PREDICTIONS' },
    recall: { status: 'undefined', reason: 'NO_POSITIVES' },
    effectiveSampleSize: 1,
  })
})
