import assert from 'node:assert/strict'
import test from 'node:test'
import { confusionMatrix } from './confusion.ts'

test('a score equal to the threshold is flagged', () => {
  assert.deepEqual(confusionMatrix([0, 1], [0.18, 0.18], 0.18), { tn: 0, fp: 1, fn: 0, tp: 1 })
})

test('a float32 score is compared as the double it is', () => {
  const scores = Float32Array.of(0.65, 0.18)
  // the float32 nearest to 0.65 is below it, the one nearest to 0.18 above it
  assert.deepEqual(confusionMatrix([1, 1], scores, 0.65), { tn: 0, fp: 0, fn: 2, tp: 0 })
  assert.deepEqual(confusionMatrix([1, 1], scores, 0.18), { tn: 0, fp: 0, fn: 0, tp: 2 })
})

test('weights are added up in place of rows', () => {
  const counts = confusionMatrix([0, 0, 1, 1], [0.1, 0.9, 0.1, 0.9], 0.5, [1, 2, 4, 8])
  assert.deepEqual(counts, { tn: 1, fp: 2, fn: 4, tp: 8 })
})

test('no rows count nothing', () => {
  assert.deepEqual(confusionMatrix([], [], 0.5), { tn: 0, fp: 0, fn: 0, tp: 0 })
})
