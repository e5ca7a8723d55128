import assert from 'node:assert/strict'
import test from 'node:test'
import { selectRows, type Table } from '../../data/table.ts'
import { createRandom } from '../../math/index.ts'
import { buildProfile } from './build-profile.ts'
import { countAgainst } from './count-against.ts'
import { FrequentTexts } from './frequent-texts.ts'
import type { NumberProfile, Profile } from './profile.ts'
import { countInParts, profileInParts } from './profile-parts.ts'
import { numberColumn, tableOf, textColumn } from './table.fixture.ts'

const random = createRandom(5)

function tableWith(rows: number): Table {
  const cells = <T>(cell: () => T): T[] => Array.from({ length: rows }, cell)
  return tableOf(
    numberColumn(
      'amount',
      cells(() => (random.next() < 0.1 ? null : Math.exp(random.normal()))),
    ),
    numberColumn(
      'count',
      cells(() => random.int(5)),
    ),
    numberColumn(
      'empty',
      cells(() => null),
    ),
    textColumn(
      'country',
      cells(() => ['KR', 'US', 'JP', null][random.int(4)]!),
    ),
    numberColumn(
      'time',
      cells(() => 1.7e9 + random.int(1e6)),
      'timestamp',
    ),
  )
}

test('few rows in parts have the profile of the whole table', async () => {
  const table = tableWith(4000)
  const expected = buildProfile(table)
  for (const size of [1, 999, 4000]) {
    const profile = await profileInParts(() => partsOf(table, size))
    assert.deepEqual(rounded(profile), rounded(expected))
  }
})

test('many rows in parts: cuts within the stated error, counts exact', async () => {
  const table = tableWith(50_000)
  const profile = await profileInParts(() => partsOf(table, 7777))
  assert.deepEqual(
    rounded(await countInParts(profile, partsOf(table, 600))),
    rounded(withoutSketches(profile)),
  )
  assert.deepEqual(rounded(countAgainst(profile, table)), rounded(withoutSketches(profile)))
  const [amount] = profile.columns as [NumberProfile]
  const tenth = (50_000 - amount.missing) / 10
  for (const count of amount.counts) assert.ok(Math.abs(count - tenth) <= 2 * amount.sketch!.error)
})

test('a column that changes its type between the parts is refused', async () => {
  const kinds = [numberColumn('a', [1]), textColumn('a', ['x']), numberColumn('a', [1], 'date')]
  for (const first of kinds) {
    for (const second of kinds) {
      if (first === second) continue
      const profile = profileInParts(() => [tableOf(first), tableOf(second)])
      await assert.rejects(profile, { code: 'PROFILE_INVALID' })
    }
  }
})

test('frequent texts stay among hundreds of thousands of rare ones', () => {
  const frequent = new FrequentTexts()
  for (let part = 0; part < 40; part++) {
    const texts = Array.from({ length: 10_000 }, (_, i) => `id-${part}-${i}`)
    frequent.add({ texts: ['often', ...texts], counts: [20, ...texts.map(() => 1)] })
  }
  const { texts, counts } = frequent.counts()
  assert.ok(texts.length <= 2 * 65_536)
  const count = Number(Array.from(counts)[texts.indexOf('often')])
  assert.ok(count <= 800 && count >= 800 - 400_800 / 65_536)
})

function* partsOf(table: Table, size: number): Generator<Table> {
  for (let start = 0; start < table.rowCount; start += size) {
    const length = Math.min(size, table.rowCount - start)
    yield selectRows(
      table,
      Int32Array.from({ length }, (_, i) => start + i),
    )
  }
}

/** Moments depend on the parts in their last digits. */
function rounded(profile: Profile): Profile {
  const columns = profile.columns.map((column) => {
    if (column.type !== 'num' || column.mean === null) return column
    return { ...column, mean: Number(column.mean.toPrecision(11)), m2: Number(column.m2!.toPrecision(11)) }
  })
  return { ...profile, columns }
}

function withoutSketches(profile: Profile): Profile {
  const columns = profile.columns.map((column) => {
    const { sketch: _, ...rest } = column as NumberProfile
    return rest
  })
  return { ...profile, columns }
}
