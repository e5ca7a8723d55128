import assert from 'node:assert/strict'
import test from 'node:test'
import { createPolicy } from '../../decision/index.ts'
import { type ExperimentPlanInput, experimentPlan } from '../index.ts'

test('has the defaults of the contract, and is a plain JSON value', () => {
  const plan = experimentPlan()
  assert.deepEqual(
    [plan.trafficSplit, plan.minSamples, plan.alpha, plan.thresholds, plan.costs],
    [0.1, 1000, 0.05, { champion: 0.18, challenger: 0.18 }, { fn: 100, fp: 1 }],
  )
  assert.deepEqual(JSON.parse(JSON.stringify(plan)), plan)
})

test('takes thresholds from each arm’s policy and costs from the champion’s', () => {
  const championPolicy = createPolicy({ threshold: 0.2, costs: { fn: 50 } })
  const challengerPolicy = createPolicy({ threshold: 0.3, costs: { fn: 70 } })
  const plan = experimentPlan({ championPolicy, challengerPolicy, guardrails: { latency_ms: null } })
  assert.deepEqual(
    [plan.thresholds, plan.costs],
    [
      { champion: 0.2, challenger: 0.3 },
      { fn: 50, fp: 1 },
    ],
  )
  assert.deepEqual([plan.guardrails.latency_ms, plan.guardrails.cost], [null, 0])
  assert.equal(experimentPlan({ championPolicy }).thresholds.challenger, 0.2)
})

test('refuses what cannot be', () => {
  const inputs = [
    { trafficSplit: -0.1 },
    { alpha: 0 },
    { power: 1 },
    { minSamples: 0.5 },
    { plannedSamples: 0 },
    { primary: 'score' },
    { spending: { family: 'fisher' } },
    { spending: { family: 'power', exponent: -1 } },
    { spending: { family: 'hwang_shih_decani', gamma: Number.NaN } },
    { lossCap: -1 },
    { labelHorizonSeconds: Number.POSITIVE_INFINITY },
    { guardrails: { cost: Number.NaN } },
  ] as unknown as ExperimentPlanInput[]
  for (const input of inputs) {
    assert.throws(() => experimentPlan(input), { code: 'PARAM_INVALID' }, JSON.stringify(input))
  }
})
