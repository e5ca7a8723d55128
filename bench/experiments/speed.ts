import { outcomesOf, START } from '../../src/monitoring/experiments/outcomes.fixture.ts'
import { experimentPlan, gatherEvidence, judgeExperiment } from '../../src/monitoring/index.ts'
import type { Row } from '../rows.ts'

/** A million outcomes of a quarter of a million cards, each scored by both models: gathered, then judged. */
export function benchSpeed(): readonly Row[] {
  const outcomes = outcomesOf({ rows: 1_000_000, seed: 1 })
  const plan = experimentPlan({ trafficSplit: 0.5, plannedSamples: 2_000_000 })
  const times = Array.from({ length: 5 }, () => {
    const start = performance.now()
    const evidence = gatherEvidence({ plan, outcomes, now: START + 2_000_000 })
    const gathered = performance.now()
    judgeExperiment({ plan, evidence, earlierLooks: [] })
    return [gathered - start, performance.now() - gathered] as const
  })
  const median = (part: 0 | 1): string => {
    const sorted = times.map((time) => time[part]).sort((a, b) => a - b)
    return `${sorted[2]!.toFixed(part === 0 ? 0 : 1)} ms`
  }
  return [
    { name: 'a million outcomes gathered, median of five', value: median(0) },
    { name: 'and judged', value: median(1) },
  ]
}
