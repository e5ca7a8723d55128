// Golden values: SciPy 1.17.1, made by test/fixtures/monitoring/make.py. The first is Kohavi's published example.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { type SampleRatio, sampleRatioMismatch } from '../index.ts'

const golden: { observed: number[]; weights: number[]; chi_square: number; p_value: number }[] = JSON.parse(
  readFileSync('test/fixtures/monitoring/sample-ratio.json', 'utf8'),
)

test('equals SciPy', () => {
  for (const { observed, weights, chi_square, p_value } of golden) {
    const found = sampleRatioMismatch({ observed, weights }) as SampleRatio
    assert.ok(Math.abs(found.chiSquare - chi_square) < 1e-9 * chi_square, `${observed}`)
    assert.ok(Math.abs(found.pValue - p_value) < 1e-9 * p_value, `${observed}`)
    assert.equal(found.mismatch, p_value < 0.001)
  }
})

test('nothing observed gives no answer', () => {
  const found = sampleRatioMismatch({ observed: [0, 0], weights: [0.5, 0.5] })
  assert.deepEqual(found, { status: 'undefined', reason: 'NO_ROWS' })
})

test('counts and weights that cannot be are refused', () => {
  const refused = (observed: number[], weights: number[]) =>
    assert.throws(() => sampleRatioMismatch({ observed, weights }), { code: 'PARAM_INVALID' })
  refused([1], [1])
  refused([1, 2], [1])
  refused([1, 2], [1, 0])
  refused([1, -2], [1, 1])
  refused([1.5, 2], [1, 1])
})
