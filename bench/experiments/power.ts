import { createRandom } from '../../src/math/index.ts'
import { playExperiment } from '../../src/monitoring/experiments/play-experiment.fixture.ts'
import { lossVariation } from '../../src/monitoring/experiments/simulated-experiment.fixture.ts'
import {
  type ExperimentPlan,
  type ExperimentVerdict,
  experimentPlan,
  planExperiment,
} from '../../src/monitoring/index.ts'
import type { Row } from '../rows.ts'

const RUNS = 1500
const MISS_RATE = 0.0015
const CAP = 1000
const LOOKS = 20

const PLANS = [
  { reduction: 0.5, power: 0.5, trafficSplit: 0.5 },
  { reduction: 0.5, power: 0.8, trafficSplit: 0.5 },
  { reduction: 0.3, power: 0.8, trafficSplit: 0.5 },
  { reduction: 0.3, power: 0.9, trafficSplit: 0.5 },
  { reduction: 0.5, power: 0.8, trafficSplit: 0.2 },
  { reduction: 0.3, power: 0.8, trafficSplit: 0.1 },
] as const

/** The challenger catches this share of the decisions alone, the champion that. */
const PAIRS = [
  { onlyChampion: 0.00006, onlyChallenger: 0.00081, power: 0.8 },
  { onlyChampion: 0.0003, onlyChallenger: 0.00075, power: 0.8 },
  { onlyChampion: 0.0003, onlyChallenger: 0.00075, power: 0.9 },
] as const

/**
 * The power that `planExperiment` promises beside that of 1,500 experiments of the size that it asks for, judged at 20
 * looks, between the arms and on the same decisions; the reference's table, power after 40,000 decisions an arm by how
 * much less the challenger misses; and how often the cost guardrail finds harm in as many decisions.
 */
export function benchPower(): readonly Row[] {
  return [
    ...PLANS.map(promised),
    ...PAIRS.map(promisedPaired),
    ...[0.5, 0.7].map(ofTable),
    ...[1, 2].map(ofHarm),
  ]
}

function promised({ reduction, power, trafficSplit }: (typeof PLANS)[number]): Row {
  const effect = {
    metric: 'cost',
    missRate: MISS_RATE,
    reduction,
    lossVariation: lossVariation(CAP),
  } as const
  const samples = planExperiment({ effect, power, trafficSplit, looks: LOOKS }).planned_samples
  return {
    name: `misses × ${1 - reduction}, share ${trafficSplit}: ${samples} decisions promise ${100 * power} %`,
    value: shareOf({
      plan: planOf(samples, LOOKS, { trafficSplit }),
      days: LOOKS,
      reduction,
      isFound: isWon,
    }),
  }
}

function promisedPaired({ onlyChampion, onlyChallenger, power }: (typeof PAIRS)[number]): Row {
  const effect = {
    metric: 'cost',
    missRate: MISS_RATE,
    reduction: (onlyChallenger - onlyChampion) / MISS_RATE,
    lossVariation: lossVariation(CAP),
    disagreement: onlyChampion + onlyChallenger,
  } as const
  const samples = planExperiment({ effect, power, isPaired: true, looks: LOOKS }).planned_samples
  const plan = planOf(samples, LOOKS, { primary: 'paired_cost', trafficSplit: 0.5 })
  const caughtAlone = [onlyChampion, onlyChallenger] as const
  return {
    name: `paired, ${onlyChallenger} caught anew, ${onlyChampion} lost: ${samples} decisions promise ${100 * power} %`,
    value: shareOf({ plan, days: LOOKS, reduction: 0, caughtAlone, isFound: isWon }),
  }
}

function ofTable(reduction: number): Row {
  const plan = planOf(80_000, 5, { trafficSplit: 0.5 })
  return {
    name: `misses × ${(1 - reduction).toFixed(1)}, 40,000 decisions an arm, 5 looks`,
    value: shareOf({ plan, days: 5, reduction, isFound: isWon }),
  }
}

function ofHarm(increase: number): Row {
  const plan = planOf(80_000, LOOKS, { trafficSplit: 0.5 })
  return {
    name: `harm: misses × ${1 + increase}, 40,000 decisions an arm, the cost guardrail alarms`,
    value: shareOf({
      ...{ plan, days: LOOKS, reduction: -increase },
      isFound: ({ guardrails }) => guardrails.some(({ name, alarm }) => name === 'cost' && alarm),
    }),
  }
}

function planOf(samples: number, looks: number, change: Partial<ExperimentPlan>): ExperimentPlan {
  return experimentPlan({
    lossCap: CAP,
    plannedSamples: looks * Math.ceil(samples / looks),
    minSamples: 500,
    ...change,
  })
}

function isWon({ status }: ExperimentVerdict): boolean {
  return status === 'challenger_wins'
}

function shareOf(input: {
  readonly plan: ExperimentPlan
  readonly days: number
  readonly reduction: number
  readonly caughtAlone?: readonly [champion: number, challenger: number]
  readonly isFound: (verdict: ExperimentVerdict) => boolean
}): string {
  const { plan, days, reduction, caughtAlone, isFound } = input
  const { trafficSplit } = plan
  let found = 0
  for (let run = 0; run < RUNS; run++) {
    const random = createRandom(run + 1).fork(JSON.stringify([plan, reduction]))
    const missRates = [MISS_RATE, MISS_RATE * (1 - reduction)] as const
    const world = { random, trafficSplit, missRates, lossCap: CAP, ...(caughtAlone ? { caughtAlone } : {}) }
    if (isFound(playExperiment({ world, plan, days }).verdict)) found++
  }
  const part = found / RUNS
  return `${(100 * part).toFixed(1)} % ± ${(196 * Math.sqrt((part * (1 - part)) / RUNS)).toFixed(1)}`
}
