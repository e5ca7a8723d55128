import assert from 'node:assert/strict'
import test from 'node:test'
import { createRandom } from '../../math/index.ts'
import { ABTest, type AliasRegistry, type ExperimentVerdict, type NaiveVerdict } from '../index.ts'

interface Payment {
  readonly card: string
  readonly isFraud: boolean
}

const random = createRandom(17)
const payments: readonly Payment[] = Array.from({ length: 24_000 }, () => ({
  card: `card-${random.int(8000)}`,
  isFraud: random.next() < 0.05,
}))

/** A model that sees a share of the frauds and raises a false alarm for one good payment in a hundred. */
const seeing = (share: number) => (payment: Payment) => {
  const isSure = payment.isFraud ? random.next() < share : random.next() < 0.01
  return (isSure ? 0.5 : 0) + 0.15 * random.next()
}

/** Sends every payment through a test and returns it with the labels of its arms. */
function played(champion: (payment: Payment) => number, challenger: (payment: Payment) => number) {
  const ab = new ABTest(champion, challenger, { trafficSplit: 0.5, experiment: 'exp' })
  const labels = { champion: [] as number[], challenger: [] as number[] }
  for (const payment of payments) {
    const [, arm] = ab.predict(payment, { entity: payment.card })
    labels[arm].push(payment.isFraud ? 1 : 0)
  }
  const input = { yTrueChampion: labels.champion, yTrueChallenger: labels.challenger }
  const evaluate = () => ab.evaluate(input) as ExperimentVerdict
  const naive = () => ab.evaluate({ ...input, method: 'naive' }) as NaiveVerdict
  return { ab, labels, evaluate, naive }
}

test('parts the traffic of a thousand calls as asked', () => {
  const ab = new ABTest<null>(() => 0.1, { predict: () => 0.2 }, { trafficSplit: 0.1 })
  const calls = Array.from({ length: 1000 }, () => ab.predict(null))
  const share = calls.filter(([, arm]) => arm === 'challenger').length / 1000
  assert.ok(share >= 0.08 && share <= 0.12, `${share}`)
  assert.ok(calls.every(([score, arm]) => score === (arm === 'challenger' ? 0.2 : 0.1)))
})

test('a card always meets the same model', () => {
  const ab = new ABTest<null>(
    () => 0,
    () => 1,
    { trafficSplit: 0.5 },
  )
  const arms = new Set(Array.from({ length: 50 }, () => ab.predict(null, { entity: 'card-1' })[1]))
  assert.equal(arms.size, 1)
})

test('collects until both arms have enough, and until there are labels', () => {
  const ab = new ABTest<null>(
    () => 0,
    () => 1,
    { trafficSplit: 0.5, minSamples: 40 },
  )
  assert.deepEqual(ab.evaluate(), { status: 'collecting', samples: 0, required: 40 })
  for (let i = 0; i < 100; i++) ab.predict(null)
  const samples = Math.min(ab.championResults.length, ab.challengerResults.length)
  assert.ok(samples >= 40)
  assert.deepEqual(ab.evaluate(), { status: 'collecting', samples, required: 40 })
  assert.deepEqual(ab.evaluate({ minSamples: 70 }), { status: 'collecting', samples, required: 70 })
})

test('a challenger that misses fewer frauds wins, one that misses more loses', () => {
  const better = played(seeing(0.6), seeing(0.85)).evaluate()
  assert.equal(better.status, 'challenger_wins')
  assert.ok(better.p_value! < 0.05 && better.effect!.ci[1] < 0 && better.effect!.difference < 0)
  assert.deepEqual([better.recommendation, better.final], ['promote', true])
  const worse = played(seeing(0.85), seeing(0.6)).evaluate()
  assert.equal(worse.status, 'champion_wins')
  assert.ok(worse.effect!.difference > 0)
  assert.equal(worse.recommendation, 'rollback')
})

test('the same model on both sides makes no difference, by the interval too', () => {
  const { status, effect, sample_ratio, champion, challenger } = played(seeing(0.7), seeing(0.7)).evaluate()
  assert.equal(status, 'no_difference')
  assert.ok(effect!.ci[0] < 0 && effect!.ci[1] > 0)
  assert.ok(sample_ratio!.p_value! > 0.001)
  assert.equal(champion.decisions + challenger.decisions, payments.length)
  assert.ok(champion.entities < champion.decisions)
})

test('asking again changes nothing', () => {
  const { evaluate } = played(seeing(0.6), seeing(0.85))
  assert.deepEqual(evaluate(), evaluate())
})

test('the naive method takes a mere difference of scores for a winner', () => {
  const scaled = (factor: number) => (payment: Payment) =>
    factor * (payment.isFraud ? 0.15 : 0.1) * random.next()
  const { evaluate, naive } = played(scaled(1), scaled(0.9))
  assert.notEqual(naive().status, 'no_difference')
  assert.ok(naive().p_value! < 0.05 && naive().false_alarm_rate >= naive().sound_false_alarm_rate)
  assert.equal(evaluate().status, 'no_difference')
})

test('arms that did not get their shares void the comparison', () => {
  const { ab, labels } = played(seeing(0.6), seeing(0.85))
  for (let i = 0; i < 1500; i++) {
    ab.championResults.push({ entity: `extra-${i}`, score: 0.1 })
    labels.champion.push(0)
  }
  const found = ab.evaluate({ yTrueChampion: labels.champion, yTrueChallenger: labels.challenger })
  assert.equal(found.status, 'sample_ratio_mismatch')
})

test('costs without any spread give no answer and a reason', () => {
  const { naive } = played(
    () => 0.9,
    () => 0.9,
  )
  assert.equal(naive().reason, 'NO_VARIANCE')
  const ab = new ABTest<null>(
    () => 0,
    () => 0,
    { trafficSplit: 0.5, minSamples: 1 },
  )
  for (let i = 0; i < 20; i++) ab.predict(null)
  const none = (results: readonly unknown[]) => results.map(() => 0)
  const input = { yTrueChampion: none(ab.championResults), yTrueChallenger: none(ab.challengerResults) }
  const found = ab.evaluate(input) as ExperimentVerdict
  assert.deepEqual([found.status, found.p_value, found.reason], ['no_difference', null, 'NO_VARIANCE'])
  assert.equal((ab.evaluate({ ...input, method: 'naive' }) as NaiveVerdict).reason, 'ONE_CLASS_ONLY')
})

test('labels that do not fit are refused', () => {
  const { ab, labels } = played(seeing(0.7), seeing(0.7))
  const refused = (yTrueChampion: number[]) =>
    assert.throws(() => ab.evaluate({ yTrueChampion, yTrueChallenger: labels.challenger }), {
      code: 'SCORES_INVALID',
    })
  refused(labels.champion.slice(1))
  refused(labels.champion.map(() => 2))
  assert.throws(
    () =>
      new ABTest(
        () => 0,
        () => 1,
        { trafficSplit: 2 },
      ),
    { code: 'PARAM_INVALID' },
  )
})

test('promotion moves the aliases and leaves a champion at every moment', async () => {
  const aliases = new Map([
    ['champion', '1'],
    ['challenger', '2'],
  ])
  const seen: string[] = []
  const registry: AliasRegistry = {
    getModelVersionByAlias: async ({ alias }) => ({ version: aliases.get(alias)! }),
    setRegisteredModelAlias: async ({ alias, version }) => {
      aliases.set(alias, version)
      seen.push(aliases.get('champion')!)
    },
    deleteRegisteredModelAlias: async ({ alias }) => aliases.delete(alias),
  }
  const ab = new ABTest(
    () => 0,
    () => 1,
  )
  assert.deepEqual(await ab.promoteChallenger(registry, 'fraud_detector'), { version: '2' })
  assert.deepEqual(
    [...aliases],
    [
      ['champion', '2'],
      ['previous_champion', '1'],
    ],
  )
  assert.deepEqual(seen, ['1', '2'])
})

test('a promotion that was cut off at any of its changes can be repeated', async () => {
  const ab = new ABTest(
    () => 0,
    () => 1,
  )
  for (const cutOffAt of [1, 2, 3]) {
    const aliases = new Map([
      ['champion', '1'],
      ['challenger', '2'],
    ])
    await assert.rejects(ab.promoteChallenger(registryOf(aliases, cutOffAt), 'fraud_detector'), /cut off/)
    await ab.promoteChallenger(registryOf(aliases), 'fraud_detector')
    assert.deepEqual(Object.fromEntries(aliases), { champion: '2', previous_champion: '1' })
  }
})

/** A registry whose change of this number is cut off. */
function registryOf(aliases: Map<string, string>, cutOffAt = Number.POSITIVE_INFINITY): AliasRegistry {
  let changes = 0
  const change = (act: () => unknown) => {
    if (++changes === cutOffAt) throw new Error('cut off')
    act()
  }
  return {
    getModelVersionByAlias: async ({ alias }) => ({ version: aliases.get(alias)! }),
    setRegisteredModelAlias: async ({ alias, version }) => change(() => aliases.set(alias, version)),
    deleteRegisteredModelAlias: async ({ alias }) => change(() => aliases.delete(alias)),
  }
}
