import { createRandom } from '../../src/math/index.ts'
import { playExperiment } from '../../src/monitoring/experiments/play-experiment.fixture.ts'
import { experimentPlan } from '../../src/monitoring/index.ts'
import type { Row } from '../rows.ts'

const RUNS = 2000
const DAYS = 80

const SETTINGS = [
  { name: 'half and half, losses capped at 1000', trafficSplit: 0.5, lossCap: 1000 },
  { name: 'half and half, losses without a cap', trafficSplit: 0.5, lossCap: null },
  { name: 'a tenth for the challenger, losses capped at 1000', trafficSplit: 0.1, lossCap: 1000 },
] as const

/**
 * Equal models in both arms, 2,000 experiments of 80 days, 1,000 decisions a day drawn into their arms, looked at every
 * day through `judgeExperiment`. Frauds are missed at 0.15 %, with lognormal losses; false alarms are 1 % and cost 5.
 */
export function benchFalseVerdicts(): readonly Row[] {
  return SETTINGS.flatMap(({ name, trafficSplit, lossCap }) => {
    const plan = experimentPlan({ trafficSplit, lossCap, plannedSamples: 1000 * DAYS })
    const played = Array.from({ length: RUNS }, (_, run) => {
      const random = createRandom(run + 1).fork(name)
      const world = { random, trafficSplit, missRates: [0.0015, 0.0015], lossCap, hasScores: true } as const
      return playExperiment({ world, plan, days: DAYS })
    })
    const share = (what: string, isTrue: (one: (typeof played)[number]) => boolean): Row => {
      const part = played.filter(isTrue).length / RUNS
      const noise = 1.96 * Math.sqrt((part * (1 - part)) / RUNS)
      return { name: `${name}: ${what}`, value: `${(100 * part).toFixed(2)} % ± ${(100 * noise).toFixed(2)}` }
    }
    return [
      share('false verdicts, the sound one at each day', ({ verdict: { status } }) =>
        status.endsWith('_wins'),
      ),
      share('false verdicts for the challenger', ({ verdict: { status } }) => status === 'challenger_wins'),
      share('false verdicts, a test at 5 % on each day', ({ isNaiveAlarm }) => isNaiveAlarm),
      share('false verdicts, a test at 5 % on the last day', ({ isFixedAlarm }) => isFixedAlarm),
      share("false verdicts, the specification's test on each day", ({ isScoreAlarm }) => isScoreAlarm),
      share('sample-ratio alarms', ({ isRatioAlarm }) => isRatioAlarm),
      share('guardrail alarms, any of five', ({ verdict }) => verdict.guardrails.some(({ alarm }) => alarm)),
    ]
  })
}
