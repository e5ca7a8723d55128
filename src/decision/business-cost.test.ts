import assert from 'node:assert/strict'
import test from 'node:test'
import { isNoAnswer } from '../math/index.ts'
import { calculateBusinessCost } from './business-cost.ts'

// at 0.18: three frauds stopped, one missed, two false alarms, four let through
const yTrue = [1, 1, 1, 1, 0, 0, 0, 0, 0, 0]
const yProb = [0.9, 0.5, 0.18, 0.1, 0.7, 0.2, 0.1, 0.05, 0.01, 0]

test('prices decisions as the specification does, in won', () => {
  assert.deepEqual(calculateBusinessCost(yTrue, yProb), {
    daily_savings: 1_900_000,
    annual_savings: 693_500_000,
    fn_cost: 1_000_000,
    fp_cost: 100_000,
    tp_savings: 3_000_000,
    net_savings: 1_900_000,
    optimal_threshold: 0.18,
    days: 1,
    rows: 10,
  })
})

test('spreads the net over the days that the rows cover', () => {
  const cost = calculateBusinessCost(yTrue, yProb, { days: 4 })
  assert.ok(!isNoAnswer(cost))
  assert.equal(cost.daily_savings, 475_000)
  assert.equal(cost.annual_savings, 475_000 * 365)
  assert.equal(cost.net_savings, 1_900_000)
})

test('takes other prices and thresholds', () => {
  const cost = calculateBusinessCost(yTrue, yProb, { threshold: 0.6, fnCost: 10, fpCost: 3, tpSavings: 7 })
  assert.ok(!isNoAnswer(cost))
  assert.deepEqual([cost.fn_cost, cost.fp_cost, cost.tp_savings, cost.net_savings], [30, 3, 7, -26])
  assert.equal(cost.optimal_threshold, 0.6)
})

test('no rows have no answer, wrong options are refused by name', () => {
  assert.deepEqual(calculateBusinessCost([], []), { status: 'undefined', reason: 'NO_ROWS' })
  for (const wrong of [
    { days: 0 },
    { days: Number.NaN },
    { fnCost: -1 },
    { fpCost: Infinity },
    { tpSavings: Number.NaN },
    { threshold: Number.NaN },
  ]) {
    const message = new RegExp(`Parameter "${Object.keys(wrong)[0]}"`)
    assert.throws(() => calculateBusinessCost(yTrue, yProb, wrong), { code: 'PARAM_INVALID', message })
  }
  assert.throws(() => calculateBusinessCost([0, 1], [0.1]), { code: 'SCORES_INVALID' })
})
