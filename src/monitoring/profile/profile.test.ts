import assert from 'node:assert/strict'
import test from 'node:test'
import { selectRows } from '../../data/table.ts'
import { createRandom } from '../../math/index.ts'
import { compareProfile } from '../drift/compare-profile.ts'
import { buildProfile, profileScores } from './build-profile.ts'
import { countAgainst } from './count-against.ts'
import { mergeProfiles } from './merge-profiles.ts'
import { parseProfile } from './parse-profile.ts'
import type { CategoryProfile, NumberProfile, Profile } from './profile.ts'
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
    distinct: 4,
    registers: (column as CategoryProfile).registers,
  })
})

test('of a hundred thousand categories a hundred are kept, and about how many there are', () => {
  const cells = Array.from({ length: 200_000 }, (_, i) => (i < 100_000 ? `id-${i}` : `often-${i % 140}`))
  const [column] = buildProfile(tableOf(textColumn('id', cells))).columns
  assert.equal(column!.counts.length, 101)
  assert.ok(Math.abs((column as CategoryProfile).distinct / 100_140 - 1) < 0.1)
})

test('a table counted against its own profile is that profile, without the sketches', () => {
  const profile = buildProfile(table)
  assert.deepEqual(countAgainst(profile, table), withoutSketches(profile))
})

test('parts add up to the whole, whatever the parts and their order', () => {
  const profile = buildProfile(table)
  const whole = countAgainst(profile, table)
  for (let split = 0; split < 30; split++) {
    const partOf = Array.from({ length: 500 }, () => random.int(1 + (split % 7)))
    const parts = Array.from({ length: 1 + (split % 7) }, (_, part) =>
      countAgainst(profile, selectRows(table, Int32Array.from(rowsOfPart(partOf, part)))),
    )
    const [first, ...others] = split % 2 ? parts : parts.toReversed()
    const merged = mergeProfiles(first!, ...others)
    const oneByOne = others.reduce((a, b) => mergeProfiles(a, b), first!)
    for (const sum of [merged, oneByOne]) assertSame(sum, whole)
  }
})

test('what was counted in other bins is neither added nor compared', () => {
  const profile = buildProfile(table)
  const half = selectRows(
    table,
    Int32Array.from({ length: 250 }, (_, i) => i),
  )
  const counted = countAgainst(buildProfile(half), table)
  assert.throws(() => mergeProfiles(countAgainst(profile, table), counted), { code: 'PROFILE_INVALID' })
  assert.throws(() => compareProfile(profile, counted), { code: 'PROFILE_INVALID' })
  assert.throws(() => mergeProfiles(profile, buildProfile(half, ['amount'])), { code: 'PROFILE_INVALID' })
})

test('references of several machines get common cuts, right within the error they state', () => {
  const values = Array.from({ length: 60_000 }, (_, i) => Math.exp(random.normal()) + i / 20_000)
  const parts = [values.slice(0, 10_000), values.slice(10_000, 15_000), values.slice(15_000)]
  const [first, ...others] = parts.map((part) => buildProfile(tableOf(numberColumn('a', part))))
  const merged = mergeProfiles(first!, ...others).columns[0] as NumberProfile
  const exact = countAgainst(mergeProfiles(first!, ...others), tableOf(numberColumn('a', values)))
  const { error } = merged.sketch!
  assert.ok(error <= 0.01 * values.length)
  let [sketched, counted] = [0, 0]
  for (const [bin, count] of merged.counts.entries()) {
    sketched += count
    counted += exact.columns[0]!.counts[bin]!
    assert.ok(Math.abs(sketched - counted) <= error, `bin ${bin}: ${sketched} and ${counted}`)
  }
})

test('categories of several machines are those of all', () => {
  const parts = [['a', 'a', 'a', 'a', 'a', 'b'], new Array(7).fill('b')]
  const [first, second] = parts.map((cells) => buildProfile(tableOf(textColumn('c', cells))))
  const [column] = mergeProfiles(first!, second!).columns as [CategoryProfile]
  assert.deepEqual(
    { categories: column.categories, counts: column.counts, distinct: column.distinct },
    { categories: ['b', 'a'], counts: [7, 5, 1], distinct: 2 },
  )
})

test('values at the edge of what numbers are', () => {
  const cases: Readonly<Record<string, readonly (number | null)[]>> = {
    'all missing': [null, null, null],
    'one row': [3],
    constant: [2, 2, 2, 2],
    infinities: [Infinity, -Infinity, -Infinity, 1, 2, null],
    'infinities alone': [Infinity, -Infinity],
    zeros: [-0, 0, -0],
    huge: [Number.MAX_VALUE, -Number.MAX_VALUE, 1e300, 5],
    tiny: [Number.MIN_VALUE, -Number.MIN_VALUE, 2e-320],
    'beyond 2^53': [2 ** 53, 2 ** 53 + 2, 2 ** 60],
    'huge, many': Array.from({ length: 40 }, (_, i) => (i - 20) * 8e306),
  }
  for (const [name, values] of Object.entries(cases)) {
    const edge = tableOf(numberColumn('a', values))
    const profile = buildProfile(edge)
    assert.deepEqual(parseProfile(JSON.parse(JSON.stringify(profile))), profile, name)
    assert.deepEqual(countAgainst(profile, edge), withoutSketches(profile), name)
    assert.ok(compareProfile(profile, edge)[0]!.drifted === false, name)
  }
  const [{ infinite, negativeInfinite, min, max, mean, missing }] = buildProfile(
    tableOf(numberColumn('a', cases['infinities']!)),
  ).columns as [NumberProfile]
  assert.deepEqual(
    { infinite, negativeInfinite, min, max, mean, missing },
    { infinite: 3, negativeInfinite: 2, min: 1, max: 2, mean: 1.5, missing: 1 },
  )
})

test('a profile survives JSON', () => {
  const profile = buildProfile(table)
  assert.deepEqual(parseProfile(JSON.parse(JSON.stringify(profile))), profile)
})

test('a model’s scores lie beside the columns: kept as JSON, and no column of the data', () => {
  const profile: Profile = { ...buildProfile(table), scores: profileScores(new Float32Array([0.25, 0.5])) }
  assert.deepEqual(parseProfile(JSON.parse(JSON.stringify(profile))), profile)
  assert.deepEqual(
    profile.scores!.counts.filter((count) => count > 0),
    [1, 1],
  )
  assert.equal('scores' in countAgainst(profile, table), false)
  assert.equal(compareProfile(profile, table).length, profile.columns.length)
})

test('a broken profile is refused with the reason', () => {
  const profile = buildProfile(table)
  const [amount, ...others] = profile.columns
  const broken: readonly unknown[] = [
    null,
    'text',
    {},
    { ...profile, version: 1 },
    { ...profile, rows: -1 },
    { ...profile, rows: 499 },
    { ...profile, columns: [null] },
    { ...profile, columns: [{ ...amount, counts: [1] }, ...others] },
    { ...profile, columns: [{ ...amount, type: 'list' }, ...others] },
    { ...profile, columns: [{ ...amount, missing: 'none' }, ...others] },
    { ...profile, columns: [{ ...amount, mean: 'high' }, ...others] },
    { ...profile, columns: [{ ...amount, cuts: amount!.counts.slice(1) }, ...others] },
    {
      ...profile,
      columns: [{ ...amount, sketch: { error: 0, values: [2, 1], weights: [1, 1] } }, ...others],
    },
    { ...profile, columns: [amount, { ...others[0], registers: 'x' }] },
    { ...profile, columns: [amount, amount] },
    ...[null, 'none', {}, { ...profileScores([0.1, 0.2]), counts: [1] }].map((scores) => ({
      ...profile,
      scores,
    })),
  ]
  for (const json of broken) assert.throws(() => parseProfile(json), { code: 'PROFILE_INVALID' })
})

function rowsOfPart(partOf: readonly number[], part: number): number[] {
  return partOf.flatMap((own, row) => (own === part ? [row] : []))
}

function withoutSketches(profile: Profile): Profile {
  const columns = profile.columns.map((column) => {
    const { sketch: _, ...rest } = column as NumberProfile
    return rest
  })
  return { ...profile, columns }
}

/** Counts bit for bit, moments to 1e-12. */
function assertSame(merged: Profile, whole: Profile): void {
  for (const [i, expected] of whole.columns.entries()) {
    const column = merged.columns[i]!
    if (column.type === 'num' && expected.type === 'num') {
      assertNear(column.mean!, expected.mean!)
      assertNear(column.m2!, expected.m2!)
    }
    assert.deepEqual({ ...column, mean: 0, m2: 0 }, { ...expected, mean: 0, m2: 0 })
  }
}

function assertNear(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) <= 1e-12 * Math.abs(expected), `${actual} and ${expected}`)
}
