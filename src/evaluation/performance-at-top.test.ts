import assert from 'node:assert/strict'
import test from 'node:test'
import { createRandom, isNoAnswer } from '../math/index.ts'
import { performanceAtTop } from './performance-at-top.ts'

test('without ties it counts the first k rows of the sorted list', () => {
  const random = createRandom(1)
  for (let round = 0; round < 100; round++) {
    const rows = 1 + random.int(50)
    const yTrue = Array.from({ length: rows }, () => Number(random.next() < 0.3))
    const scores = yTrue.map((label) => random.next() + label * 0.3)
    const order = [...scores.keys()].sort((a, b) => scores[b] - scores[a])
    const alerts = 1 + random.int(rows)
    const found = order.slice(0, alerts).filter((row) => yTrue[row] === 1).length
    const positives = yTrue.filter((label) => label === 1).length
    assert.deepEqual(performanceAtTop(yTrue, scores, { alerts }), {
      alerts,
      precision: found / alerts,
      recall: positives > 0 ? found / positives : { status: 'undefined', reason: 'NO_POSITIVES' },
      threshold: scores[order[alerts - 1]],
    })
  }
})

test('tied rows at the border count in proportion: the mean over their orders', () => {
  // 0.9, then four rows at 0.5 of which one is fraud: two alerts hold the first and a quarter of that fraud
  const yTrue = [1, 1, 0, 0, 0, 0]
  const scores = [0.9, 0.5, 0.5, 0.5, 0.5, 0.1]
  const expected = { alerts: 2, precision: 0.625, recall: 0.625, threshold: 0.5 }
  assert.deepEqual(performanceAtTop(yTrue, scores, { alerts: 2 }), expected)
  assert.deepEqual(performanceAtTop(yTrue.toReversed(), scores.toReversed(), { alerts: 2 }), expected)
})

test('an alert rate is a share of the rows, even a fraction of a row', () => {
  const yTrue = [1, 0, 1, 0]
  const scores = [4, 3, 2, 1]
  const half = performanceAtTop(yTrue, scores, { alertRate: 0.5 })
  assert.deepEqual(half, performanceAtTop(yTrue, scores, { alerts: 2 }))
  const top = performanceAtTop(yTrue, scores, { alertRate: 0.375 })
  assert.ok(!isNoAnswer(top))
  assert.deepEqual([top.alerts, top.precision], [1.5, 1 / 1.5])
})

test('more alerts than rows take all rows; no rows and no alerts have no answer', () => {
  const all = performanceAtTop([0, 1], [0, 1], { alerts: 10 })
  assert.deepEqual(all, { alerts: 2, precision: 0.5, recall: 1, threshold: 0 })
  assert.deepEqual(performanceAtTop([], [], { alerts: 1 }), { status: 'undefined', reason: 'NO_ROWS' })
  const none = { status: 'undefined', reason: 'NO_POSITIVE_PREDICTIONS' }
  assert.deepEqual(performanceAtTop([0, 1], [0, 1], { alertRate: 0 }), none)
  assert.throws(() => performanceAtTop([0], [0], { alerts: -1 }), { code: 'PARAM_INVALID' })
  assert.throws(() => performanceAtTop([0], [0], { alertRate: 2 }), { code: 'PARAM_INVALID' })
})
