// Vectors: the reference on serving and A/B tests, §3.7; pROC's `power.roc.test`, with the variances and the covariance
// that its own tests print for `ndka` and `wfns` of its data set aSAH.
import assert from 'node:assert/strict'
import test from 'node:test'
import { createRandom } from '../../math/index.ts'
import { aucDifferencePower, aucPower, type PlanInput, planExperiment } from '../index.ts'

const missing = (reduction: number, squaredVariation: number): PlanInput => ({
  effect: { metric: 'cost', missRate: 0.0015, reduction, lossVariation: Math.sqrt(squaredVariation) },
  trafficSplit: 0.5,
  looks: 1,
})

test('the published sample sizes for a cost of missed frauds', () => {
  for (const [reduction, squaredVariation, expected, unit] of [
    [0.1, 1.5, 2490, 10],
    [0.2, 1.5, 589, 1],
    [0.3, 1.5, 247, 1],
    [0.5, 1.5, 78, 1],
    [0.5, 4.42, 170, 1],
  ] as const) {
    const { champion_samples, challenger_samples } = planExperiment(missing(reduction, squaredVariation))
    assert.ok(Math.abs(champion_samples - challenger_samples) <= 1)
    assert.ok(Math.abs(champion_samples / 1000 - expected) < unit, `${champion_samples} beside ${expected} k`)
  }
})

test('pROC’s published powers', () => {
  const near = (found: number, expected: number): void =>
    assert.ok(Math.abs(found - expected) < 5.1e-8, `${found} beside ${expected}`)
  near(aucPower({ auc: 0.73, positives: 41, negatives: 72 }), 0.9897453)
  const power = aucDifferencePower({
    // areas of 41 positives and 72 negatives are multiples of 1 / 5904: 4863 and 3613 of them
    difference: (4863 - 3613) / 5904,
    varianceChampion: 0.0031908105493913,
    varianceChallenger: 0.00146991470882363,
    covariance: -0.000532967856762438,
  })
  near(power, 0.7131594)
})

test('looks cost a few hundredths, a pairing saves most, an uneven split costs', () => {
  const one = planExperiment(missing(0.5, 1.5))
  const many = planExperiment({ ...missing(0.5, 1.5), looks: 20 })
  assert.ok(many.inflation > 1.01 && many.inflation < 1.06 && one.inflation < 1.001)
  const paired = planExperiment({ ...missing(0.5, 1.5), isPaired: true })
  assert.ok(paired.planned_samples < one.planned_samples / 4)
  assert.ok(
    planExperiment({ ...missing(0.5, 1.5), trafficSplit: 0.1 }).planned_samples > 2 * one.planned_samples,
  )
})

test('says before the start that it cannot succeed, and what would', () => {
  const small = planExperiment({
    ...missing(0.1, 1.5),
    decisionsPerDay: 5000,
    maxDays: 60,
    labelHorizonDays: 30,
  })
  assert.deepEqual([small.can_succeed, small.available!.samples], [false, 300_000])
  assert.ok(small.days! > 900 && small.days_to_verdict === small.days! + 30)
  assert.ok(small.available!.power < 0.2 && small.available!.detectable! > 0.35)
  assert.deepEqual(
    small.reasons.map(({ code }) => code),
    ['CANNOT_SUCCEED', 'NEEDS', 'DETECTABLE', 'TRY_SHADOW'],
  )
  const detectable = planExperiment({
    ...missing(small.available!.detectable!, 1.5),
    decisionsPerDay: 5000,
    maxDays: 61,
  })
  assert.equal(detectable.can_succeed, true)
  const hopeless = planExperiment({ ...missing(0.1, 1.5), decisionsPerDay: 10 })
  assert.equal(hopeless.available!.detectable, null)
  assert.ok(planExperiment({ ...missing(0.5, 1.5), decisionsPerDay: 5000 }).can_succeed)
})

test('the power for an AUC agrees with simulated binormal scores', () => {
  const [champion, challenger, fraudRate] = [0.8, 0.88, 0.1]
  const { planned_samples } = planExperiment({
    effect: { metric: 'auc', champion, challenger, fraudRate },
    trafficSplit: 0.5,
    looks: 1,
  })
  const positives = Math.round((planned_samples / 2) * fraudRate)
  const negatives = Math.round(planned_samples / 2) - positives
  const random = createRandom(2)
  // Φ⁻¹(AUC) √2 apart, each with a standard deviation of 1
  const areaOf = (shift: number): number => {
    const good = Float64Array.from({ length: negatives }, () => random.normal()).sort()
    let wins = 0
    for (let i = 0; i < positives; i++) wins += countBelow(good, random.normal() + shift)
    return wins / positives / negatives
  }
  const areas = Array.from({ length: 800 }, () => [areaOf(1.1902), areaOf(1.6617)] as const)
  const differences = areas.map(([a, b]) => b - a)
  const mean = differences.reduce((sum, value) => sum + value, 0) / 800
  const deviation = Math.sqrt(differences.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 799)
  assert.ok(Math.abs(mean - (challenger - champion)) < 0.005, `${mean}`)
  const power = differences.filter((value) => value > 1.96 * deviation).length / 800
  assert.ok(power > 0.76 && power < 0.97, `${power}`)
})

function countBelow(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (sorted[middle]! < value) low = middle + 1
    else high = middle
  }
  return low
}

test('what cannot be is refused', () => {
  const usual = missing(0.5, 1.5)
  for (const change of [
    { effect: { ...usual.effect, missRate: 0 } },
    { effect: { ...usual.effect, reduction: 1.5 } },
    { effect: { ...usual.effect, lossVariation: -1 } },
    { effect: { ...usual.effect, disagreement: 0.0001 } },
    { effect: { metric: 'auc', champion: 0.9, challenger: 0.9, fraudRate: 0.01 } },
    { power: 1 },
    { trafficSplit: 0 },
    { looks: 0 },
    { decisionsPerDay: 0 },
  ] as Partial<PlanInput>[]) {
    assert.throws(
      () => planExperiment({ ...usual, ...change }),
      { code: 'PARAM_INVALID' },
      JSON.stringify(change),
    )
  }
})
