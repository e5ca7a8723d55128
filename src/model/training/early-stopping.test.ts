import assert from 'node:assert/strict'
import test from 'node:test'
import { createEarlyStopping } from './early-stopping.ts'

test('ends after the given rounds without a better value, and the first of equals is the best', () => {
  const falling = createEarlyStopping({ rounds: 2, maximise: false })
  assert.deepEqual(
    [3, 1, 1, 2].map((value) => falling.update(value)),
    [false, false, false, true],
  )
  assert.deepEqual([falling.bestIteration, falling.bestScore], [1, 1])
})

test('starts counting again with each better value', () => {
  const rising = createEarlyStopping({ rounds: 2, maximise: true })
  assert.deepEqual(
    [0.5, 0.4, 0.6, 0.6, 0.7, 0.1, 0.1].map((value) => rising.update(value)),
    [false, false, false, false, false, false, true],
  )
  assert.deepEqual([rising.bestIteration, rising.bestScore], [4, 0.7])
})
