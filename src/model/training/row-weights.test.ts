import assert from 'node:assert/strict'
import test from 'node:test'
import { marginOf, sigmoid } from '../logistic.ts'
import { estimateBaseScore, rowWeights } from './row-weights.ts'

test('turns margins into probabilities and back, finite at both ends', () => {
  assert.equal(sigmoid(0), 0.5)
  assert.equal(sigmoid(200), 1)
  assert.ok(sigmoid(-200) > 0)
  assert.ok(Math.abs(sigmoid(marginOf(0.2)) - 0.2) < 1e-7)
  assert.ok(Object.is(marginOf(0.5), 0))
  assert.ok(Math.abs(marginOf(0) + 13.81551) < 1e-5)
  assert.ok(Math.abs(marginOf(1) - 13.74516) < 1e-5)
})

test('weighs rows of label 1 with scale_pos_weight on top of their weight', () => {
  assert.deepEqual([...rowWeights(Uint8Array.of(0, 1), [2, 3], 4)], [2, 12])
  assert.deepEqual([...rowWeights(Uint8Array.of(0, 1), undefined, 4)], [1, 4])
})

test('starts from the weighted share of label 1, or a Newton step under scale_pos_weight', () => {
  const labels = Uint8Array.of(1, 0, 0, 0)
  assert.equal(estimateBaseScore(labels, Float32Array.of(1, 1, 1, 1), 1), 0.25)
  assert.equal(estimateBaseScore(labels, Float32Array.of(3, 1, 1, 1), 1), 0.5)
  // gradient sum 3 × 1/2 - 6 × 1/2, hessian sum 9 × 1/4
  const margin = 1.5 / 2.25
  const step = estimateBaseScore(labels, Float32Array.of(6, 1, 1, 1), 6)
  assert.ok(Math.abs(step - 1 / (1 + Math.exp(-margin))) < 1e-7)
})

test('starts near 0 or 1 with one class, and at one half without any weight', () => {
  assert.equal(estimateBaseScore(Uint8Array.of(0, 0), Float32Array.of(1, 1), 1), Math.fround(1e-6))
  assert.equal(estimateBaseScore(Uint8Array.of(1, 1), Float32Array.of(1, 1), 1), Math.fround(1 - 1e-6))
  assert.equal(estimateBaseScore(Uint8Array.of(1, 1), Float32Array.of(0, 0), 0), 0.5)
})
