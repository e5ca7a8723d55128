import assert from 'node:assert/strict'
import test from 'node:test'
import { selectRows } from '../../data/table.ts'
import { createRandom } from '../../math/index.ts'
import { buildProfile, compareProfile, countAgainst, mergeProfiles, parseProfile } from '../index.ts'
import { numberColumn, tableOf, textColumn } from './table.fixture.ts'

const random = createRandom(6)
const table = tableOf(
  numberColumn(
    'amount',
    Array.from({ length: 500 }, () => (random.next() < 0.1 ? null : Math.exp(random.normal()))),
  ),
  textColumn(
    'country',
    Array.from({ length: 500 }, () => ['KR', 'US', 'JP', null][random.int(4)]!),
  ),
  numberColumn(
    'time',
    Array.from({ length: 500 }, (_, i) => 1.7e9 + i),
    'timestamp',
  ),
)

test('deciles hold a tenth of the values each, the missing ones counted apart', () => {
  const [amount] = buildProfile(table).columns
  const present = 500 - amount!.missing
  assert.equal(amount!.counts.length, 10)
  for (const count of amount!.counts) assert.ok(Math.abs(count - present / 10) <= 1)
})

test('rare categories share the last count', () => {
  const cells = [...new Array(20).fill('a'), ...new Array(5).fill('b'), 'c', 'd', null]
  const [column] = buildProfile(tableOf(textColumn('c', cells))).columns
  assert.deepEqual(column, {
    type: 'cat',
    name: 'c',
    kind: 'text',
    categories: ['a', 'b'],
    counts: [20, 5, 2],
    missing: 1,
  })
})

test('of a hundred thousand categories thirty are kept', () => {
  const cells = Array.from({ length: 100_000 }, (_, i) => (i < 50_000 ? `id-${i}` : `often-${i % 40}`))
  const [column] = buildProfile(tableOf(textColumn('id', cells))).columns
  assert.equal(column!.counts.length, 31)
})

test('a table counted against its own profile is that profile', () => {
  const profile = buildProfile(table)
  assert.deepEqual(countAgainst(profile, table), profile)
})

test('parts add up to the whole, in any order', () => {
  const profile = buildProfile(table)
  const part = (from: number, to: number) =>
    countAgainst(
      profile,
      selectRows(
        table,
        Int32Array.from({ length: to - from }, (_, i) => from + i),
      ),
    )
  const [a, b, c] = [part(0, 7), part(7, 300), part(300, 500)]
  assert.deepEqual(mergeProfiles(mergeProfiles(a, b), c), profile)
  assert.deepEqual(mergeProfiles(c, mergeProfiles(b, a)), profile)
})

test('parts that were counted differently do not add up', () => {
  const half = selectRows(
    table,
    Int32Array.from({ length: 250 }, (_, i) => i),
  )
  assert.throws(() => mergeProfiles(buildProfile(table), buildProfile(half)), { code: 'PROFILE_INVALID' })
  assert.throws(() => compareProfile(buildProfile(table), buildProfile(half)), { code: 'PROFILE_INVALID' })
})

test('a profile survives JSON', () => {
  const profile = buildProfile(table)
  assert.deepEqual(parseProfile(JSON.parse(JSON.stringify(profile))), profile)
})

test('a broken profile is refused with the reason', () => {
  const profile = buildProfile(table)
  const [amount, ...others] = profile.columns
  const broken: readonly unknown[] = [
    null,
    'text',
    {},
    { ...profile, version: 2 },
    { ...profile, rows: -1 },
    { ...profile, rows: 499 },
    { ...profile, columns: [null] },
    { ...profile, columns: [{ ...amount, counts: [1] }, ...others] },
    { ...profile, columns: [{ ...amount, type: 'list' }, ...others] },
    { ...profile, columns: [{ ...amount, missing: 'none' }, ...others] },
  ]
  for (const json of broken) assert.throws(() => parseProfile(json), { code: 'PROFILE_INVALID' })
})
