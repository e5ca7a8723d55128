import assert from 'node:assert/strict'
import test from 'node:test'
import { experimentPlan, gatherEvidence, type Outcome } from '../index.ts'
import { outcomesOf, START } from './outcomes.fixture.ts'
import { pairMomentsOf } from './pair-moments.ts'
import { momentsOf } from './welch-test.ts'

const plan = experimentPlan({ trafficSplit: 0.5, lossCap: 120 })
const outcomes = outcomesOf({ rows: 5000, seed: 1 }).map(
  (outcome, i): Outcome => ({
    ...outcome,
    loss: 40 + (i % 7) * 30,
    shadowScore: i % 5 === 0 ? null : outcome.shadowScore,
    isFraud: i % 11 === 0 ? null : outcome.isFraud,
  }),
)

/** What a decision costs, written out. */
function costOf(score: number, { isFraud, loss }: Outcome, cap: number): number {
  if (isFraud) return score >= 0.18 ? 0 : Math.min(loss!, cap)
  return score >= 0.18 ? 1 : 0
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
const near = (found: number, expected: number): void =>
  assert.ok(
    Math.abs(found - expected) <= 1e-9 * Math.max(1, Math.abs(expected)),
    `${found} beside ${expected}`,
  )

test('equals sums by entity, written out', () => {
  const evidence = gatherEvidence({ plan, outcomes, now: START })
  for (const arm of ['champion', 'challenger'] as const) {
    const labelled = outcomes.filter((outcome) => outcome.arm === arm && outcome.isFraud !== null)
    const cards = [...Map.groupBy(labelled, ({ entity }) => entity).values()]
    const costs = cards.map((rows) => sum(rows.map((row) => costOf(row.score, row, 120))))
    const raw = cards.map((rows) => sum(rows.map((row) => costOf(row.score, row, Number.POSITIVE_INFINITY))))
    const expected = pairMomentsOf(
      costs,
      cards.map((rows) => rows.length),
    )
    const found = evidence[arm]
    for (const key of ['n', 'meanValue', 'meanSize', 'varianceValue', 'covariance'] as const) {
      near(found.cost[key], expected[key])
    }
    near(found.rawCost.mean, momentsOf(raw).mean)
    assert.equal(found.costlyEntities, costs.filter((cost) => cost > 0).length)
    assert.equal(found.missed, labelled.filter((row) => row.isFraud && row.score < 0.18).length)
    assert.equal(found.falseAlarms, labelled.filter((row) => !row.isFraud && row.score >= 0.18).length)
    assert.ok(found.rawCost.mean > found.cost.meanValue)
  }
})

test('equals the paired difference, written out', () => {
  const { paired } = gatherEvidence({ plan, outcomes, now: START })
  const pairs = outcomes.filter(({ shadowScore, isFraud }) => shadowScore !== null && isFraud !== null)
  const scoresOf = ({ arm, score, shadowScore }: Outcome) =>
    arm === 'champion' ? ([score, shadowScore!] as const) : ([shadowScore!, score] as const)
  const differences = pairs.map((row) => {
    const [champion, challenger] = scoresOf(row)
    return costOf(challenger, row, 120) - costOf(champion, row, 120)
  })
  assert.equal(paired.pairs, pairs.length)
  near(paired.difference.meanValue * paired.difference.n, sum(differences))
  near(paired.challengerCost - paired.championCost, sum(differences) / pairs.length)
  const caught = pairs
    .filter(({ isFraud }) => isFraud)
    .map((row) => scoresOf(row).map((score) => score >= 0.18))
  assert.equal(paired.onlyChampion, caught.filter(([champion, challenger]) => champion && !challenger).length)
  assert.equal(
    paired.onlyChallenger,
    caught.filter(([champion, challenger]) => challenger && !champion).length,
  )
})
