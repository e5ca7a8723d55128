// Vectors: the reference on serving and A/B tests, §3.5.
import assert from 'node:assert/strict'
import test from 'node:test'
import { type McnemarTest, mcnemarTest } from '../index.ts'

test('the published vectors', () => {
  const near = (found: number, expected: number, tolerance: number) =>
    assert.ok(Math.abs(found - expected) < tolerance, `${found} beside ${expected}`)
  const many = mcnemarTest({ onlyA: 72, onlyB: 12 }) as McnemarTest
  near(many.chiSquare, 42.857143, 5e-7)
  near(many.pValue, 5.8887e-11, 5e-16)
  near(many.exactPValue, 1.3932e-11, 5e-16)
  const few = mcnemarTest({ onlyA: 9, onlyB: 2 }) as McnemarTest
  near(few.exactPValue, 0.0654297, 5e-8)
  near(few.midPValue, 0.0385742, 5.1e-8)
})

test('is symmetric, and equal counts are no evidence', () => {
  assert.deepEqual(mcnemarTest({ onlyA: 2, onlyB: 9 }), mcnemarTest({ onlyA: 9, onlyB: 2 }))
  const even = mcnemarTest({ onlyA: 5, onlyB: 5 }) as McnemarTest
  assert.equal(even.exactPValue, 1)
  assert.ok(even.midPValue < 1 && even.midPValue > 0.8)
})

test('no discordant fraud gives no answer; a broken count is refused', () => {
  assert.deepEqual(mcnemarTest({ onlyA: 0, onlyB: 0 }), { status: 'undefined', reason: 'NO_ROWS' })
  assert.throws(() => mcnemarTest({ onlyA: -1, onlyB: 0 }), { code: 'PARAM_INVALID' })
  assert.throws(() => mcnemarTest({ onlyA: 0, onlyB: 0.5 }), { code: 'PARAM_INVALID' })
})
