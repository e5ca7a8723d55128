import assert from 'node:assert/strict'
import test from 'node:test'
import { createRandom } from '../../math/random.ts'
import { leafGain, leafGainAt, leafWeight } from './leaf-weight.ts'

test('weighs a leaf so that no other weight loses less', () => {
  const random = createRandom(13)
  for (let round = 0; round < 500; round++) {
    const by = { lambda: random.next(), alpha: random.next(), maxDeltaStep: random.int(2), minChildWeight: 0 }
    const gradient = random.normal() * 5
    const hessian = 0.1 + random.next()
    const loss = (w: number): number =>
      gradient * w + 0.5 * (hessian + by.lambda) * w * w + by.alpha * Math.abs(w)
    const weight = leafWeight(gradient, hessian, by)
    const bound = by.maxDeltaStep === 0 ? Infinity : by.maxDeltaStep
    assert.ok(Math.abs(weight) <= bound)
    for (const other of [weight - 0.01, weight + 0.01, 0]) {
      if (Math.abs(other) <= bound) assert.ok(loss(weight) <= loss(other) + 1e-6)
    }
  }
})

test('gives a leaf that is too light, or empty, no weight', () => {
  const by = { lambda: 0, alpha: 0, maxDeltaStep: 0, minChildWeight: 1 }
  assert.equal(leafWeight(-3, 0.5, by), 0)
  assert.equal(leafWeight(0, 0, { ...by, minChildWeight: 0 }), 0)
  assert.equal(leafGain(0, 0, by), 0)
  assert.equal(leafGainAt(1, 0, 0, by), 0)
})
