import assert from 'node:assert/strict'
import test from 'node:test'
import { nextAbove } from './next-above.ts'

test('gives the neighbour: above the number, with nothing between', () => {
  for (const value of [0, -0, 1, -1, 0.1, 1e-310, -1e-310, 1e308, -5e-324, 0.9999999999999999]) {
    const above = nextAbove(value)
    assert.ok(above > value)
    const middle = value / 2 + above / 2
    assert.ok(middle === value || middle === above || value === 0 || Math.abs(value) < 1e-300)
  }
  assert.equal(nextAbove(0), 5e-324)
  assert.equal(nextAbove(1), 1 + Number.EPSILON)
  assert.equal(nextAbove(-5e-324), -0)
})
