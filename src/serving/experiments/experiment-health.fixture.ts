import { outcomesOf, START } from '../../monitoring/experiments/outcomes.fixture.ts'
import { experimentPlan, gatherEvidence, judgeExperiment } from '../../monitoring/index.ts'
import { experimentOf } from './experiment.fixture.ts'
import type { ExperimentHealth } from './experiment-health.ts'

export const EVALUATED_AT = (START + 31_536_000) * 1000

/** A running experiment of versions 1 and 2 that the challenger loses, with its evaluation. */
export function experimentHealth(): ExperimentHealth {
  const plan = experimentPlan({ trafficSplit: 0.5, plannedSamples: 8000 })
  const models = { champion: { sees: 0.9, alarms: 0.01 }, challenger: { sees: 0.2, alarms: 0.2 } }
  const outcomes = outcomesOf({ rows: 8000, seed: 3, ...models })
  const evidence = gatherEvidence({ plan, outcomes, now: EVALUATED_AT / 1000 })
  const { verdict, look } = judgeExperiment({ plan, evidence, earlierLooks: [] })
  const running = experimentOf('e-1', { plan, trafficSplit: 0.5 })
  return {
    running: () => running,
    evaluated: () => ({
      experiment: 'e-1',
      at: EVALUATED_AT,
      evaluation: { verdict, looks: look ? [look] : [] },
    }),
    actions: { start: 1, ramp: 2, stop: 0, promote: 0, rollback: 0 },
  }
}
