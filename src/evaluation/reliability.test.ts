import assert from 'node:assert/strict'
import test from 'node:test'
import { createRandom, isNoAnswer } from '../math/index.ts'
import { expectedCalibrationError, reliabilityBins } from './reliability.ts'

test('a probability on an edge falls into the lower bin, 0 into the first', () => {
  const bins = reliabilityBins([0, 1, 1, 0], [0, 0.5, 0.500001, 1], { bins: 2 })
  assert.ok(!isNoAnswer(bins))
  assert.deepEqual(
    bins.map(({ low, high, rows }) => [low, high, rows]),
    [
      [0, 0.5, 2],
      [0.5, 1, 2],
    ],
  )
})

test('empty bins are left out', () => {
  const bins = reliabilityBins([0, 1], [0.05, 0.95])
  assert.ok(!isNoAnswer(bins))
  assert.deepEqual(
    bins.map(({ low, rows }) => [low, rows]),
    [
      [0, 1],
      [0.9, 1],
    ],
  )
})

test('quantile bins share the rows among them, and equal probabilities make one bin', () => {
  const random = createRandom(1)
  const yProb = Float64Array.from({ length: 1000 }, () => random.next() ** 8)
  const yTrue = yProb.map((probability) => Number(random.next() < probability))
  const bins = reliabilityBins(yTrue, yProb, { strategy: 'quantile' })
  assert.ok(!isNoAnswer(bins))
  assert.deepEqual(
    bins.map((bin) => bin.rows),
    Array.from({ length: 10 }, () => 100),
  )
  const constant = reliabilityBins([0, 1], [0.3, 0.3], { strategy: 'quantile' })
  assert.deepEqual(constant, [{ low: 0.3, high: 0.3, rows: 2, meanProbability: 0.3, positiveShare: 0.5 }])
})

test('the calibration error is the mean gap over rows, small for true probabilities and large for skewed ones', () => {
  const random = createRandom(2)
  const yProb = Float64Array.from({ length: 20_000 }, random.next)
  const yTrue = yProb.map((probability) => Number(random.next() < probability))
  for (const strategy of ['uniform', 'quantile'] as const) {
    assert.ok(Number(expectedCalibrationError(yTrue, yProb, { strategy })) < 0.02)
    const skewed = yProb.map((probability) => probability ** 3)
    const gap = Number(expectedCalibrationError(yTrue, skewed, { strategy }))
    // the mean of p − p³ over [0, 1] is a quarter
    assert.ok(Math.abs(gap - 0.25) < 0.02)
  }
})

test('no rows have no answer; probabilities outside [0, 1] and impossible bins are refused', () => {
  assert.deepEqual(reliabilityBins([], []), { status: 'undefined', reason: 'NO_ROWS' })
  assert.deepEqual(expectedCalibrationError([], []), { status: 'undefined', reason: 'NO_ROWS' })
  assert.throws(() => reliabilityBins([0], [1.5]), { code: 'SCORES_INVALID', message: /probability 0/ })
  assert.throws(() => reliabilityBins([0], [0.5], { bins: 0 }), { code: 'PARAM_INVALID' })
})
