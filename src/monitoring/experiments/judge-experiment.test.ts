import assert from 'node:assert/strict'
import test from 'node:test'
import { createRandom } from '../../math/index.ts'
import {
  type ExperimentLook,
  type ExperimentPlan,
  experimentPlan,
  gatherEvidence,
  judgeExperiment,
  type Outcome,
} from '../index.ts'
import { outcomesOf, START, type World } from './outcomes.fixture.ts'
import { sequentialBounds, sequentialPValue } from './sequential-bound.ts'

const DAY = 86_400
const later = START + 365 * DAY
const halves = (input: Parameters<typeof experimentPlan>[0] = {}) =>
  experimentPlan({ trafficSplit: 0.5, plannedSamples: 20_000, ...input })

function judged(
  outcomes: readonly Outcome[],
  plan: ExperimentPlan,
  earlierLooks: readonly ExperimentLook[] = [],
) {
  return judgeExperiment({ plan, evidence: gatherEvidence({ plan, outcomes, now: later }), earlierLooks })
}

/** Looks after each tenth of the outcomes. */
function followed(world: World, plan: ExperimentPlan) {
  const outcomes = outcomesOf(world)
  const looks: ExperimentLook[] = []
  return Array.from({ length: 10 }, (_, i) => {
    const found = judged(outcomes.slice(0, ((i + 1) * outcomes.length) / 10), plan, looks)
    if (found.look) looks.push(found.look)
    return { ...found, looks: [...looks] }
  })
}

const BETTER = { champion: { sees: 0.6, alarms: 0.01 }, challenger: { sees: 0.85, alarms: 0.01 } }

test('collects until each arm has its labelled decisions', () => {
  const { verdict } = judged(outcomesOf({ rows: 1500, seed: 2 }), halves())
  assert.equal(verdict.status, 'collecting')
  assert.ok(verdict.samples < 1000 && verdict.samples > 600 && verdict.required === 1000)
  assert.deepEqual([verdict.p_value, verdict.final, verdict.recommendation], [null, false, 'continue'])
})

test('a better challenger wins, between the arms and on the same decisions; a worse one loses', () => {
  for (const primary of ['cost', 'paired_cost'] as const) {
    const plan = halves({ primary })
    const won = judged(outcomesOf({ rows: 20_000, seed: 3, ...BETTER }), plan).verdict
    assert.deepEqual([won.status, won.recommendation, won.final], ['challenger_wins', 'promote', true])
    assert.ok(won.p_value! <= 0.05 && won.effect!.ci[1] < 0)
    const swapped = { champion: BETTER.challenger, challenger: BETTER.champion }
    const lost = judged(outcomesOf({ rows: 20_000, seed: 3, ...swapped }), plan).verdict
    assert.deepEqual([lost.status, lost.recommendation], ['champion_wins', 'rollback'])
    assert.ok(lost.guardrails.find(({ name }) => name === 'cost')!.alarm)
  }
})

test('shadow scores alone decide where the challenger gets no traffic', () => {
  const plan = experimentPlan({ trafficSplit: 0, primary: 'paired_cost', plannedSamples: 10_000 })
  const { verdict } = judged(outcomesOf({ rows: 10_000, seed: 4, trafficSplit: 0, ...BETTER }), plan)
  assert.equal(verdict.status, 'challenger_wins')
  assert.equal(verdict.sample_ratio, null)
  assert.ok('challenger_only' in verdict.mcnemar && verdict.mcnemar.challenger_only > 30)
  assert.ok('difference' in verdict.delong && verdict.delong.difference > 0)
})

test('the paired comparison is the sharper one', () => {
  const { verdict } = judged(outcomesOf({ rows: 20_000, seed: 5, ...BETTER }), halves())
  assert.ok('p_value' in verdict.paired_cost && 'p_value' in verdict.cost_per_transaction)
  assert.ok(verdict.paired_cost.standard_error < verdict.cost_per_transaction.standard_error)
  assert.ok('theta' in verdict.cost_adjusted && verdict.cost_adjusted.theta > 0)
})

test('the order of the rows changes nothing', () => {
  const outcomes = outcomesOf({ rows: 8000, seed: 6 })
  const random = createRandom(1)
  const shuffled = outcomes
    .map((outcome) => [random.next(), outcome] as const)
    .sort(([a], [b]) => a - b)
    .map(([, outcome]) => outcome)
  const rounded = (rows: readonly Outcome[]) =>
    JSON.parse(JSON.stringify(judged(rows, halves())), (_, value) =>
      typeof value === 'number' ? Number(value.toPrecision(9)) : value,
    )
  assert.deepEqual(rounded(shuffled), rounded(outcomes))
})

test('looks are taken each hundredth of the plan; the same data spend nothing, and p never rises', () => {
  const steps = followed({ rows: 20_000, seed: 7 }, halves())
  const last = steps.at(-1)!
  const again = judged(outcomesOf({ rows: 20_000, seed: 7 }), halves(), last.looks)
  assert.equal(again.look, null)
  assert.deepEqual({ ...again.verdict }, { ...last.verdict })
  steps.slice(1).forEach(({ verdict, looks }, i) => {
    const before = steps[i]!
    assert.deepEqual(looks.slice(0, before.looks.length), before.looks)
    assert.ok(before.verdict.p_value === null || verdict.p_value! <= before.verdict.p_value)
  })
  assert.equal(last.verdict.information.fraction, 1)
  assert.deepEqual(
    [last.verdict.status, last.verdict.final, last.verdict.recommendation],
    ['no_difference', true, 'stop'],
  )
})

test('a bound that was crossed stays crossed, whatever comes after', () => {
  const plan = halves()
  const won = judged(outcomesOf({ rows: 20_000, seed: 3, ...BETTER }), plan)
  const after = judged(outcomesOf({ rows: 24_000, seed: 9 }), plan, [won.look!])
  assert.deepEqual([after.verdict.status, after.look], ['challenger_wins', null])
  assert.equal(after.verdict.effect!.difference, won.look!.difference)
})

test('p is at most alpha exactly where a bound was crossed', () => {
  const random = createRandom(21)
  for (let run = 0; run < 300; run++) {
    const information = [0.1, 0.3, 0.5, 0.8, 1].slice(0, 1 + random.int(5))
    const z = information.map(() => 2.5 * random.normal())
    const input = { information, alpha: 0.05, spending: { family: 'obrien_fleming' } as const }
    const bounds = sequentialBounds(input)
    const isCrossed = z.some((value, k) => Math.abs(value) >= bounds[k]!)
    assert.equal(sequentialPValue({ ...input, z }) <= 0.05, isCrossed, `${z}`)
  }
})

test('a p-value of one look is the ordinary one', () => {
  for (const [z, p] of [
    [1.6449, 0.1],
    [1.96, 0.05],
    [2.5758, 0.01],
    [3.2905, 0.001],
    [2.2, 0.0278],
  ] as const) {
    const found = sequentialPValue({ information: [1], z: [z], alpha: 0.05, spending: { family: 'pocock' } })
    assert.ok(Math.abs(found / p - 1) < 0.02, `${z}: ${found} beside ${p}`)
  }
})

test('arms that did not get their shares void the verdict', () => {
  const { verdict } = judged(outcomesOf({ rows: 20_000, seed: 3, trafficSplit: 0.4, ...BETTER }), halves())
  assert.deepEqual(
    [verdict.status, verdict.recommendation, verdict.final],
    ['sample_ratio_mismatch', 'stop', true],
  )
})

test('entities that met both models are left out, and too many void the verdict', () => {
  const outcomes = outcomesOf({ rows: 20_000, seed: 3, ...BETTER })
  const moved = (share: number) =>
    outcomes.map((outcome, i) =>
      i % Math.round(1 / share) === 0 ? { ...outcome, arm: 'champion' as const } : outcome,
    )
  const few = judged(moved(0.0005), halves()).verdict
  assert.ok(few.multiple_exposures.entities > 0)
  assert.equal(few.status, 'challenger_wins')
  const many = judged(moved(0.05), halves()).verdict
  assert.equal(many.status, 'multiple_exposures')
})

test('a label counts once its horizon has passed; what is immature or unlabelled is counted, not guessed', () => {
  const plan = halves({ labelHorizonSeconds: 30 * DAY })
  const outcomes = outcomesOf({ rows: 10_000, seed: 8 }).map((outcome, i) => ({
    ...outcome,
    isFraud: i % 10 === 0 ? null : outcome.isFraud,
  }))
  const at = (now: number) => gatherEvidence({ plan, outcomes, now })
  const half = at(START + 30 * DAY + 4999)
  assert.equal(half.champion.immature + half.challenger.immature, 5000)
  assert.equal(half.champion.unlabelled + half.challenger.unlabelled, 500)
  assert.equal(half.champion.labelled + half.challenger.labelled, 4500)
  assert.deepEqual(at(later), { ...at(later + 1000 * DAY), now: later })
})

test('guardrails: blocks, latency, failures and scores that go wrong alarm; equal models do not', () => {
  const outcomes = outcomesOf({ rows: 12_000, seed: 10 })
  const alarmsOf = (change: (outcome: Outcome, i: number) => Partial<Outcome>) =>
    judged(
      outcomes.map((outcome, i) =>
        outcome.arm === 'challenger' ? { ...outcome, ...change(outcome, i) } : outcome,
      ),
      halves({ plannedSamples: 100_000 }),
    )
      .verdict.guardrails.filter(({ alarm }) => alarm)
      .map(({ name }) => name)
  assert.deepEqual(
    alarmsOf(() => ({})),
    [],
  )
  assert.deepEqual(
    alarmsOf((_, i) => (i % 10 === 0 ? { riskLevel: 'block' } : {})),
    ['block_rate'],
  )
  assert.deepEqual(
    alarmsOf(({ latencyMs }) => ({ latencyMs: latencyMs + 30 })),
    ['latency_ms'],
  )
  assert.deepEqual(
    alarmsOf((_, i) => (i % 20 === 0 ? { isFailed: true } : {})),
    ['error_rate'],
  )
  assert.ok(alarmsOf(({ score }) => ({ score: 0.7 * score })).includes('score_psi'))
})

test('an alarm keeps the time of its first look', () => {
  const plan = halves()
  const outcomes = outcomesOf({ rows: 12_000, seed: 10 })
  const slow = outcomes.map((outcome) =>
    outcome.arm === 'challenger' ? { ...outcome, latencyMs: 90 } : outcome,
  )
  const first = judged(slow.slice(0, 6000), plan)
  assert.ok(first.look!.alarms.includes('latency_ms'))
  const healed = judged(outcomes, plan, [first.look!]).verdict
  const latency = healed.guardrails.find(({ name }) => name === 'latency_ms')!
  assert.deepEqual([latency.alarm, latency.first_alarm, healed.recommendation], [true, later, 'rollback'])
})

test('what cannot be compared is a value with a reason, without NaN', () => {
  const usual = outcomesOf({ rows: 6000, seed: 12 })
  const cases: Record<string, readonly Outcome[]> = {
    nothing: [],
    'one arm': usual.filter(({ arm }) => arm === 'champion'),
    'no frauds': usual.map((outcome) => ({ ...outcome, isFraud: false, score: 0.01, shadowScore: 0.01 })),
    'frauds only': usual.map((outcome) => ({ ...outcome, isFraud: true })),
    'no labels': usual.map((outcome) => ({ ...outcome, isFraud: null })),
    'no shadows': usual.map((outcome) => ({ ...outcome, shadowScore: null })),
    'one score': usual.map((outcome) => ({ ...outcome, score: 0.5, shadowScore: 0.5 })),
    'broken numbers': usual.map((outcome, i) => ({
      ...outcome,
      score: i % 3 === 0 ? Number.NaN : outcome.score,
      latencyMs: i % 3 === 1 ? Number.NaN : outcome.latencyMs,
    })),
    'one entity': usual.map((outcome) => ({ ...outcome, entity: 'card' })),
    'no entities': usual.map((outcome) => ({ ...outcome, entity: null })),
  }
  for (const [name, outcomes] of Object.entries(cases)) {
    for (const primary of ['cost', 'paired_cost'] as const) {
      const { verdict, look } = judged(outcomes, halves({ primary, minSamples: 100 }))
      walk({ verdict, look }, (value) =>
        assert.ok(!Number.isNaN(value), `${name}: ${JSON.stringify(verdict)}`),
      )
      assert.ok(
        [
          'collecting',
          'no_difference',
          'champion_wins',
          'challenger_wins',
          'multiple_exposures',
          'sample_ratio_mismatch',
        ].includes(verdict.status),
      )
      assert.ok(verdict.reasons.length > 0 && verdict.reasons.every(({ en, ko }) => en !== '' && ko !== ''))
    }
  }
  assert.equal(judged(cases['no frauds']!, halves()).verdict.reason, 'NO_VARIANCE')
  assert.equal(judged(cases['broken numbers']!, halves()).verdict.invalid, 4000)
})

function walk(value: unknown, visit: (value: number) => void): void {
  if (typeof value === 'number') visit(value)
  else if (typeof value === 'object' && value !== null)
    for (const part of Object.values(value)) walk(part, visit)
}
