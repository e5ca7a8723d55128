// A small, seeded part of `npm run bench -- experiments`: it plays through judgeExperiment, a look a day.
import assert from 'node:assert/strict'
import test from 'node:test'
import { createRandom } from '../../math/index.ts'
import { experimentPlan, planExperiment } from '../index.ts'
import { playExperiment } from './play-experiment.fixture.ts'
import { lossVariation } from './simulated-experiment.fixture.ts'

const CAP = 1000
const MISS_RATE = 0.0015

test('equal models, looked at every day: the sound verdict errs as promised, the naive one far more', () => {
  const [runs, days] = [150, 80]
  const plan = experimentPlan({ trafficSplit: 0.5, lossCap: CAP, plannedSamples: 1000 * days })
  const played = Array.from({ length: runs }, (_, run) => {
    const world = {
      random: createRandom(run + 1),
      trafficSplit: 0.5,
      missRates: [MISS_RATE, MISS_RATE] as const,
      lossCap: CAP,
    }
    return playExperiment({ world, plan, days })
  })
  const count = (isTrue: (one: (typeof played)[number]) => boolean) => played.filter(isTrue).length
  const sound = count(({ verdict }) => verdict.status.endsWith('_wins'))
  const naive = count(({ isNaiveAlarm }) => isNaiveAlarm)
  // 5 % and three standard errors of 150 runs
  assert.ok(sound <= 15, `${sound} of ${runs}`)
  assert.ok(naive >= 20 && naive > 2 * sound, `${naive} of ${runs}`)
  assert.equal(
    count(({ isRatioAlarm }) => isRatioAlarm),
    0,
  )
  assert.ok(count(({ verdict }) => verdict.guardrails.some(({ alarm }) => alarm)) <= 7)
  for (const { verdict } of played) assert.equal(verdict.final, true)
})

test('an experiment of the planned size finds what it was planned for', () => {
  const [runs, reduction] = [300, 0.5]
  const effect = {
    metric: 'cost',
    missRate: MISS_RATE,
    reduction,
    lossVariation: lossVariation(CAP),
  } as const
  const { planned_samples } = planExperiment({ effect, trafficSplit: 0.5 })
  const plan = experimentPlan({
    trafficSplit: 0.5,
    lossCap: CAP,
    plannedSamples: 20 * Math.ceil(planned_samples / 20),
  })
  let won = 0
  for (let run = 0; run < runs; run++) {
    const missRates = [MISS_RATE, MISS_RATE * (1 - reduction)] as const
    const world = { random: createRandom(run + 7), trafficSplit: 0.5, missRates, lossCap: CAP }
    if (playExperiment({ world, plan, days: 20 }).verdict.status === 'challenger_wins') won++
  }
  // three points and three standard errors of 300 runs
  assert.ok(Math.abs(won / runs - 0.8) < 0.1, `${won} of ${runs}`)
})
