// Golden values: SciPy 1.17.1, made by test/fixtures/monitoring/make.py. The first is Kohavi's published example.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { createRandom } from '../../math/index.ts'
import { type SampleRatio, sampleRatioMismatch, sequentialSampleRatio } from '../index.ts'

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

test('the published vectors, for one look and for many', () => {
  const chiSquare = (observed: number[], weights = [0.5, 0.5]) =>
    sampleRatioMismatch({ observed, weights }) as SampleRatio
  const near = (found: number, expected: number, tolerance: number) =>
    assert.ok(Math.abs(found - expected) < tolerance, `${found} beside ${expected}`)
  near(chiSquare([821588, 815482]).chiSquare, 22.774, 5e-4)
  near(chiSquare([821588, 815482]).pValue, 1.8218e-6, 5e-11)
  near(chiSquare([5100, 4900]).pValue, 0.0455003, 5e-8)
  near(chiSquare([1000, 9300], [0.1, 0.9]).chiSquare, 0.970874, 5e-7)
  near(chiSquare([1000, 9300], [0.1, 0.9]).pValue, 0.324462, 5e-7)
  const sequential = (observed: number[]) => sequentialSampleRatio({ observed, weights: [0.5, 0.5] })
  near(sequential([5100, 4900]).logBayesFactor, 0.653481, 5e-7)
  near(sequential([5100, 4900]).pValue, 0.520232, 5e-7)
  near(sequential([821588, 815482]).logBayesFactor, 8.765972, 5e-7)
  // printed as 1.5596e-4, which exp(−8.765972) is not
  near(sequential([821588, 815482]).pValue, 1.5595e-4, 5e-9)
})

test('daily looks alarm the fixed test often and the sequential one hardly ever', () => {
  const random = createRandom(3)
  let [fixed, sequential] = [0, 0]
  for (let run = 0; run < 1000; run++) {
    const observed = [0, 0]
    let [isFixed, isSequential] = [false, false]
    for (let day = 0; day < 60; day++) {
      for (let i = 0; i < 20; i++) observed[random.next() < 0.1 ? 1 : 0]!++
      const input = { observed, weights: [0.9, 0.1] }
      isFixed ||= (sampleRatioMismatch(input) as SampleRatio).mismatch
      isSequential ||= sequentialSampleRatio(input).pValue <= 0.001
    }
    if (isFixed) fixed++
    if (isSequential) sequential++
  }
  assert.ok(fixed > 4 && sequential <= 4, `${fixed} and ${sequential} of 1000`)
})
