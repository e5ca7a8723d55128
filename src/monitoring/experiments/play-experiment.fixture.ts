import {
  type ExperimentLook,
  type ExperimentPlan,
  type ExperimentVerdict,
  judgeExperiment,
  welchTestOfMoments,
} from '../index.ts'
import { costOf } from './primary-effect.ts'
import { SimulatedExperiment, type SimulatedWorld } from './simulated-experiment.fixture.ts'

export interface PlayedExperiment {
  readonly verdict: ExperimentVerdict
  readonly looks: readonly ExperimentLook[]
  /** Whether some day's look said so: a test at 5 % on the cost, the same on the last day, and the specification's. */
  readonly isNaiveAlarm: boolean
  readonly isFixedAlarm: boolean
  readonly isScoreAlarm: boolean
  readonly isRatioAlarm: boolean
}

/** Plays an experiment to its end, looked at every day; a naive one beside it on the same days. */
export function playExperiment(input: {
  readonly world: SimulatedWorld
  readonly plan: ExperimentPlan
  readonly days: number
}): PlayedExperiment {
  const { world, plan, days } = input
  const experiment = new SimulatedExperiment(world)
  const looks: ExperimentLook[] = []
  const alarms = { isNaiveAlarm: false, isFixedAlarm: false, isScoreAlarm: false, isRatioAlarm: false }
  let verdict: ExperimentVerdict | undefined
  for (let day = 1; day <= days; day++) {
    experiment.play(plan.plannedSamples / days)
    const evidence = experiment.evidence()
    const found = judgeExperiment({ plan, evidence, earlierLooks: looks })
    if (found.look) looks.push(found.look)
    verdict = found.verdict
    const test = welchTestOfMoments({ a: costOf(evidence.challenger), b: costOf(evidence.champion) })
    alarms.isFixedAlarm = 'pValue' in test && test.pValue < 0.05
    alarms.isNaiveAlarm ||= alarms.isFixedAlarm
    alarms.isScoreAlarm ||= (verdict.naive.p_value ?? 1) < 0.05
    alarms.isRatioAlarm ||= verdict.sample_ratio?.is_void === true
  }
  return { verdict: verdict!, looks, ...alarms }
}
