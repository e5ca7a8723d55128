import { createRandom } from '../../src/math/index.ts'
import { playExperiment } from '../../src/monitoring/experiments/play-experiment.fixture.ts'
import { lossVariation } from '../../src/monitoring/experiments/simulated-experiment.fixture.ts'
import { experimentPlan, type PlannedEffect, planExperiment } from '../../src/monitoring/index.ts'
import type { Row } from '../rows.ts'

const RUNS = 1500
const MISS_RATE = 0.0015
const CAP = 1000

const PLANS = [
  { reduction: 0.5, power: 0.5, trafficSplit: 0.5 },
  { reduction: 0.5, power: 0.8, trafficSplit: 0.5 },
  { reduction: 0.3, power: 0.8, trafficSplit: 0.5 },
  { reduction: 0.3, power: 0.9, trafficSplit: 0.5 },
  { reduction: 0.5, power: 0.8, trafficSplit: 0.2 },
] as const

/**
 * The power that `planExperiment` promises beside that of 1,500 experiments of the size that it asks for, judged at 20
 * looks; then the reference's table: power after 40,000 decisions an arm, by how much less the challenger misses.
 */
export function benchPower(): readonly Row[] {
  return [...PLANS.map(promised), ...[0.5, 0.7].map(ofTable)]
}

function promised({ reduction, power, trafficSplit }: (typeof PLANS)[number]): Row {
  const lossVar = lossVariation(CAP)
  const effect: PlannedEffect = { metric: 'cost', missRate: MISS_RATE, reduction, lossVariation: lossVar }
  const { planned_samples } = planExperiment({ effect, power, trafficSplit })
  const found = powerOf({
    reduction,
    trafficSplit,
    plannedSamples: 20 * Math.ceil(planned_samples / 20),
    days: 20,
  })
  return {
    name: `misses × ${1 - reduction}, share ${trafficSplit}: ${planned_samples} decisions promise ${100 * power} %`,
    value: found,
  }
}

function ofTable(reduction: number): Row {
  const found = powerOf({ reduction, trafficSplit: 0.5, plannedSamples: 80_000, days: 5 })
  return { name: `misses × ${(1 - reduction).toFixed(1)}, 40,000 decisions an arm, 5 looks`, value: found }
}

function powerOf(input: {
  readonly reduction: number
  readonly trafficSplit: number
  readonly plannedSamples: number
  readonly days: number
}): string {
  const { reduction, trafficSplit, plannedSamples, days } = input
  const plan = experimentPlan({ trafficSplit, lossCap: CAP, plannedSamples })
  let won = 0
  for (let run = 0; run < RUNS; run++) {
    const random = createRandom(run + 1).fork(JSON.stringify(input))
    const missRates = [MISS_RATE, MISS_RATE * (1 - reduction)] as const
    const { verdict } = playExperiment({
      world: { random, trafficSplit, missRates, lossCap: CAP },
      plan,
      days,
    })
    if (verdict.status === 'challenger_wins') won++
  }
  const part = won / RUNS
  return `${(100 * part).toFixed(1)} % ± ${(196 * Math.sqrt((part * (1 - part)) / RUNS)).toFixed(1)}`
}
