import assert from 'node:assert/strict'
import test from 'node:test'
import { tableRows } from '../../data/table.ts'
import { countAgainst } from '../../monitoring/profile/count-against.ts'
import type { Profile } from '../../monitoring/profile/profile.ts'
import { BINS, MISSING } from './drift-layout.ts'
import { encodeJson, fixtureModel, fixtureTable } from './model.fixture.ts'
import { createScorer } from './scorer.ts'

const MODEL = fixtureModel({ rows: 2000, numbers: 6 })
const PROFILE = JSON.parse(new TextDecoder().decode(MODEL.files.get('profile.json'))) as Profile
const INPUT = { name: 'fraud_detector', version: '1', files: MODEL.files }
const HOUR = 3600

test('counts live rows as the drift report counts their table', () => {
  const scorer = createScorer(INPUT)
  const drift = scorer.drift!
  const table = fixtureTable({ rows: 700, numbers: 6, seed: 9 })
  for (const row of tableRows(table)) drift.count(scorer.score(row as never).probability, 0)
  const counted = countAgainst(PROFILE, table)
  const numbers = drift.features.flatMap((feature, f) => (feature.edges && feature.source >= 0 ? [f] : []))
  assert.ok(numbers.length >= 7, `${numbers.length} columns of numbers`)
  for (const f of numbers) {
    const { name } = drift.features[f]!
    const column = counted.columns.find((other) => other.name === name)!
    const expected = new Float64Array(BINS)
    expected.set(column.counts)
    expected[MISSING] = column.missing
    assert.deepEqual(drift.totals().subarray(f * BINS, (f + 1) * BINS), expected, name)
  }
})

test('a frequent category has a bin, the others share one, and a missing text is missing', () => {
  const scorer = createScorer(INPUT)
  const drift = scorer.drift!
  const f = drift.features.findIndex(({ name }) => name === 'category')
  const categories = ['grocery', 'travel', 'travel', 'never seen', '', null]
  for (const category of categories) drift.count(scorer.score({ category }).probability, 0)
  const counts = drift.totals().subarray(f * BINS, (f + 1) * BINS)
  assert.deepEqual(
    [...counts].filter((count) => count > 0).toSorted(),
    [1, 1, 2, 2],
    'grocery, never seen, travel, missing',
  )
  assert.equal(counts[5], 1, 'behind the five that are known')
  assert.equal(counts[MISSING], 2)
})

test('watches the twenty columns that the trees gain most by, then the score, but no ids and no times', () => {
  const wide = fixtureModel({ rows: 2000, numbers: 30, trees: 30 })
  const names = createScorer({ ...INPUT, files: wide.files }).drift!.features.map(({ name }) => name)
  assert.equal(names.length, 21)
  assert.equal(names.at(-1), 'score')
  assert.equal(names[0], 'amount', 'the labels are made of it')
  for (const name of ['transaction_id', 'customer_id', 'event_time', 'opened'])
    assert.ok(!names.includes(name))
})

test('the window holds an hour and forgets by five minutes, the totals forget nothing', () => {
  const { drift, score } = createScorer(INPUT)
  const rowsAt = (seconds: number) => sum(drift!.window(seconds).subarray(0, BINS))
  const decide = (seconds: number) => drift!.count(score({}).probability, seconds)
  decide(10 * HOUR)
  decide(10 * HOUR + 1800)
  assert.equal(rowsAt(10 * HOUR + 1800), 2)
  assert.equal(rowsAt(11 * HOUR - 1), 2)
  assert.equal(rowsAt(11 * HOUR), 1)
  decide(10 * HOUR)
  assert.equal(rowsAt(11 * HOUR), 2, 'a clock that was set back')
  assert.equal(rowsAt(20 * HOUR), 0)
  assert.equal(sum(drift!.totals().subarray(0, BINS)), 3)
})

test('a model without a profile, such as one from Python, counts nothing', () => {
  const files = new Map([...MODEL.files].filter(([path]) => path !== 'profile.json'))
  assert.equal(createScorer({ ...INPUT, files }).drift, undefined)
})

test('a broken profile is no model', () => {
  const files = new Map([...MODEL.files, ['profile.json', encodeJson({ format: 'fds-profile', version: 1 })]])
  assert.throws(() => createScorer({ ...INPUT, files }), { code: 'PROFILE_INVALID' })
})

test('a profile without scores, as older models have, watches the columns alone', () => {
  const { scores: _, ...older } = PROFILE
  const files = new Map([...MODEL.files, ['profile.json', encodeJson(older)]])
  const names = createScorer({ ...INPUT, files }).drift!.features.map(({ name }) => name)
  assert.ok(names.length > 5 && !names.includes('score'))
})

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0)
}
