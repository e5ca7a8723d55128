import assert from 'node:assert/strict'
import test from 'node:test'
import { createRandom } from '../../math/index.ts'
import { experimentPlan } from '../index.ts'
import { playExperiment } from './play-experiment.fixture.ts'

/** Runs of equal models with all margins at 0, where an alarm is most likely to be false. */
function falseAlarms(input: {
  runs: number
  trafficSplit: number
  days: number
  plannedSamples: number
}): number {
  const { runs, trafficSplit, days, plannedSamples } = input
  const guardrails = { cost: 0, block_rate: 0, latency_ms: 0, error_rate: 0, score_psi: 0.01 }
  const plan = experimentPlan({ trafficSplit, plannedSamples, lossCap: 1000, guardrails, minSamples: 50 })
  let alarmed = 0
  for (let run = 0; run < runs; run++) {
    const random = createRandom(run + 1).fork(`guardrails ${trafficSplit}`)
    const world = {
      random,
      trafficSplit,
      missRates: [0.0015, 0.0015],
      lossCap: 1000,
      hasScores: true,
    } as const
    const { verdict } = playExperiment({ world, plan, days })
    if (verdict.guardrails.some(({ alarm }) => alarm)) alarmed++
  }
  return alarmed / runs
}

test('equal models hardly ever alarm, with few decisions and with arms of unequal size too', () => {
  for (const trafficSplit of [0.5, 0.1]) {
    for (const plannedSamples of [2000, 20_000]) {
      const share = falseAlarms({ runs: 200, trafficSplit, days: 20, plannedSamples })
      // 5 % for all five together, over all looks, and three standard errors
      assert.ok(share <= 0.05 + 3 * Math.sqrt(0.0475 / 200), `${trafficSplit}, ${plannedSamples}: ${share}`)
    }
  }
})

test('harm that is large is found early, harm that is within its margin is not', () => {
  const plan = (cost: number) =>
    experimentPlan({ trafficSplit: 0.5, plannedSamples: 80_000, lossCap: 1000, guardrails: { cost } })
  const alarmsOf = (cost: number): number => {
    let alarmed = 0
    for (let run = 0; run < 40; run++) {
      const missRates = [0.0015, 0.006] as const
      const world = { random: createRandom(run + 1), trafficSplit: 0.5, missRates, lossCap: 1000 }
      const { verdict } = playExperiment({ world, plan: plan(cost), days: 20 })
      if (verdict.guardrails.some(({ name, alarm }) => name === 'cost' && alarm)) alarmed++
    }
    return alarmed
  }
  assert.equal(alarmsOf(0), 40)
  // the difference is some 0.7 a decision
  assert.equal(alarmsOf(1), 0)
})
