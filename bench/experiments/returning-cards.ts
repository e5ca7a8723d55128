import { createRandom } from '../../src/math/index.ts'
import { outcomesOf, START } from '../../src/monitoring/experiments/outcomes.fixture.ts'
import {
  type ExperimentLook,
  type ExperimentPlan,
  experimentPlan,
  gatherEvidence,
  judgeExperiment,
  type Outcome,
} from '../../src/monitoring/index.ts'
import type { Row } from '../rows.ts'

const RUNS = 500
const LOOKS = 8
const ROWS = 6000

/**
 * Equal models on cards that return: ten payments a card on average, and one card in fifty whose payments are frauds more
 * often than not, so that an arm's costs come in lumps. 500 experiments, each from its decisions row by row, at 8 looks.
 */
export function benchReturningCards(): readonly Row[] {
  const found = { arms: 0, paired: 0, rows: 0 }
  const plan = (primary: ExperimentPlan['primary']) =>
    experimentPlan({ trafficSplit: 0.5, plannedSamples: ROWS, minSamples: 100, primary })
  for (let run = 0; run < RUNS; run++) {
    const outcomes = lumpy(run)
    if (isWon(outcomes, plan('cost'))) found.arms++
    if (isWon(outcomes, plan('paired_cost'))) found.paired++
    const alone = outcomes.map((outcome) => ({ ...outcome, entity: null }))
    if (isWon(alone, plan('cost'))) found.rows++
  }
  const percent = (count: number): string => `${((100 * count) / RUNS).toFixed(1)} %`
  return [
    { name: 'false verdicts, cost per card between the arms', value: percent(found.arms) },
    { name: 'false verdicts, paired, clustered by card', value: percent(found.paired) },
    { name: 'false verdicts if each payment counted for itself', value: percent(found.rows) },
  ]
}

function lumpy(run: number): Outcome[] {
  const random = createRandom(run).fork('cards')
  const isBad = new Map<string, boolean>()
  return outcomesOf({ rows: ROWS, seed: run + 1, cards: ROWS / 10, fraudRate: 0 }).map((outcome) => {
    const card = outcome.entity!
    if (!isBad.has(card)) isBad.set(card, random.next() < 0.02)
    if (!isBad.get(card) || random.next() < 0.4) return outcome
    // both models see half of the frauds, each on its own
    const score = () => (random.next() < 0.5 ? 0.3 : 0.01)
    return { ...outcome, isFraud: true, score: score(), shadowScore: score() }
  })
}

function isWon(outcomes: readonly Outcome[], plan: ExperimentPlan): boolean {
  const looks: ExperimentLook[] = []
  let isFound = false
  for (let look = 1; look <= LOOKS; look++) {
    const seen = outcomes.slice(0, (look * outcomes.length) / LOOKS)
    const evidence = gatherEvidence({ plan, outcomes: seen, now: START + look })
    const found = judgeExperiment({ plan, evidence, earlierLooks: looks })
    if (found.look) looks.push(found.look)
    isFound ||= found.verdict.status.endsWith('_wins')
  }
  return isFound
}
