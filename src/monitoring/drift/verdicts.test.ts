import assert from 'node:assert/strict'
import test from 'node:test'
import type { Column } from '../../data/table.ts'
import { createRandom } from '../../math/index.ts'
import { buildProfile, type ColumnDrift, compareProfile, countAgainst, mergeProfiles } from '../index.ts'
import { numberColumn, tableOf, textColumn } from '../profile/table.fixture.ts'
import { CALM_KINDS } from './calm-columns.fixture.ts'
import { rangeTest } from './range-test.ts'

const random = createRandom(77)
const cells = <Cell>(count: number, draw: (i: number) => Cell): Cell[] =>
  Array.from({ length: count }, (_, i) => draw(i))
const calm = (count: number) =>
  numberColumn(
    'calm',
    cells(count, () => random.normal()),
  )

function report(reference: readonly Column[], current: readonly Column[]): Map<string, ColumnDrift> {
  const rows = compareProfile(buildProfile(tableOf(...reference)), tableOf(...current))
  return new Map(rows.map((row) => [row.name, row]))
}

function drifted(row: ColumnDrift | undefined): string[] {
  return row!.findings.filter((finding) => finding.drifted).map(({ kind }) => kind)
}

// the whole row is in bench/drift/false-alarms.ts
test('where nothing changed, one column in twenty has p < 5 %, and hardly a report an alarm', () => {
  let [columns, low, corrected, alarmed] = [0, 0, 0, 0]
  for (let seed = 0; seed < 40; seed++) {
    const draws = createRandom(seed)
    const [n, m] = [200 + draws.int(2000), 200 + draws.int(2000)]
    const kinds = Object.entries(CALM_KINDS)
    const sides = [n, m].map((rows) => kinds.map(([name, make]) => make(draws, rows, name)))
    const rows = [...report(sides[0]!, sides[1]!).values()]
    columns += rows.length
    low += rows.filter(({ p_value }) => p_value! < 0.05).length
    corrected += Number(rows.some(({ findings }) => findings.some(({ q_value }) => q_value! < 0.05)))
    alarmed += Number(rows.some((row) => row.drifted))
  }
  assert.ok(low >= 0.03 * columns && low <= 0.07 * columns, `${low} of ${columns}`)
  assert.ok(corrected <= 5 && alarmed === 0, `${corrected} and ${alarmed} of 40`)
})

test('finds what others miss: a heavy tail that moved, lost values, infinities, a column that vanished', () => {
  const rows = 3000
  const amount = (shift: number) =>
    numberColumn(
      'amount',
      cells(rows, () => Math.exp(2 * random.normal() + shift)),
    )
  const thinned = (share: number) =>
    numberColumn(
      'thinned',
      cells(rows, () => (random.next() < share ? null : random.normal())),
    )
  const ratio = (infinite: number) =>
    numberColumn(
      'ratio',
      cells(rows, (i) => (i < infinite ? Infinity : random.normal())),
    )
  const found = report(
    [amount(3), thinned(0.01), ratio(0), calm(rows), numberColumn('gone', cells(rows, random.normal))],
    [amount(4), thinned(0.6), ratio(3), calm(rows)],
  )
  assert.deepEqual(drifted(found.get('amount')), ['distribution'])
  assert.deepEqual(drifted(found.get('thinned')), ['distribution', 'missing'])
  assert.deepEqual(drifted(found.get('ratio')), ['infinite'])
  assert.deepEqual(drifted(found.get('gone')), ['vanished'])
  assert.deepEqual(drifted(found.get('calm')), [])
  assert.equal(found.get('ratio')!.message, 'Infinite values went from 0.0 % to 0.100 % of the rows')
})

test('a tenth more of missing values is a finding of its own, though the index stays low', () => {
  const thinned = (share: number) =>
    numberColumn(
      'a',
      cells(5000, () => (random.next() < share ? null : random.normal())),
    )
  const row = report([thinned(0.4)], [thinned(0.5)]).get('a')!
  assert.deepEqual([row.band, row.drifted, drifted(row)], ['stable', true, ['missing']])
  assert.equal(row.action, 'watch')
  assert.match(row.message, /^Missing values went from [34]\d\.\d % to [45]\d\.\d % of the rows$/)
  const slightly = report([thinned(0.4)], [thinned(0.43)]).get('a')!
  assert.ok(!slightly.drifted && slightly.findings[1]!.p_value! < 0.05)
})

test('values beyond the reference’s range are a finding of their own, in parts too', () => {
  const drawn = (beyond: number) =>
    numberColumn(
      'a',
      cells(1000, (i) => (i < beyond ? 50 : random.normal())),
    )
  const [reference, current] = [drawn(0), drawn(30)]
  const row = report([reference], [current]).get('a')!
  assert.deepEqual([row.band, drifted(row)], ['stable', ['out_of_range']])
  assert.ok(Math.abs(row.findings.at(-1)!.score! - 0.03) < 0.005)
  const profile = buildProfile(tableOf(reference))
  const counted = countAgainst(profile, tableOf(current))
  const [twice] = compareProfile(profile, mergeProfiles(counted, counted))
  assert.equal(twice!.findings.at(-1)!.score, row.findings.at(-1)!.score)
})

test('the chance of values beyond a range is that of all orders of the values', () => {
  for (const [n, m] of [
    [3, 4],
    [5, 2],
    [2, 6],
  ] as const) {
    const chances = new Array<number>(m + 1).fill(0)
    let orders = 0
    for (let dealt = 0; dealt < 1 << (n + m); dealt++) {
      const sides = Array.from({ length: n + m }, (_, i) => (dealt >> i) & 1)
      if (sides.reduce((sum, side) => sum + side, 0) !== n) continue
      const inside = sides.slice(sides.indexOf(1), sides.lastIndexOf(1)).filter((side) => side === 0).length
      orders++
      for (let least = 0; least <= m - inside; least++) chances[least]! += 1
    }
    for (const [outside, chance] of chances.entries()) {
      const found = rangeTest({ outside, rows: m, referenceRows: n })
      assert.ok(Math.abs(found - chance / orders) < 1e-12, `${outside} of ${m} beside ${n}: ${found}`)
    }
  }
})

test('new categories are a finding of their own, few of them and chance are not', () => {
  const shop = (draw: () => number) =>
    textColumn(
      'shop',
      cells(2000, () => `shop ${Math.floor(draw())}`),
    )
  const ten = () => 10 * random.next()
  const row = report([shop(ten)], [shop(() => (random.next() < 0.015 ? 99 : ten()))]).get('shop')!
  assert.deepEqual([row.band, drifted(row)], ['stable', ['new_categories']])
  assert.match(row.message, /^Categories that the reference does not have went from 0.0 % to /)
  // a long tail brings new ones by itself
  const tail = () => 3 / (0.003 + random.next())
  const calmRow = report([shop(tail)], [shop(tail)]).get('shop')!
  const [, found] = calmRow.findings
  assert.deepEqual([calmRow.drifted, found!.kind, found!.p_value! > 0.05], [false, 'new_categories', true])
})

test('of more categories than a profile lists, new ones are found and the same ones are none', () => {
  const shops = (rows: number, from: number) =>
    textColumn(
      'shop',
      cells(rows, () => `shop ${from + random.int(250)}`),
    )
  for (let run = 0; run < 20; run++) {
    const rows = 500 + random.int(3000)
    assert.ok(!report([shops(rows, 0)], [shops(500 + random.int(3000), 0)]).get('shop')!.drifted)
  }
  const row = report([shops(5000, 0)], [shops(3000, 125)]).get('shop')!
  assert.deepEqual([row.band, drifted(row)], ['stable', ['new_categories']])
  assert.match(row.message, /^Rare or new categories went from /)
})

test('the same infinities on both sides are no finding that drifted', () => {
  const ratio = () =>
    numberColumn(
      'a',
      cells(2000, () => (random.next() < 0.02 ? -Infinity : random.normal())),
    )
  const row = report([ratio()], [ratio()]).get('a')!
  const infinite = row.findings.find(({ kind }) => kind === 'infinite')!
  assert.ok(!row.drifted && infinite.p_value! > 0.05)
})

test('the row has the distribution’s p- and q-value, and what the band asks for', () => {
  const moved = numberColumn(
    'a',
    cells(2000, () => random.normal() + 1),
  )
  const row = report([{ ...calm(2000), name: 'a' }, calm(2000)], [moved, calm(2000)]).get('a')!
  const [distribution] = row.findings
  assert.deepEqual(
    [row.p_value, row.q_value, row.score],
    [distribution!.p_value, distribution!.q_value, row.psi],
  )
  assert.deepEqual([row.action, row.band, row.q_value! > row.p_value!], ['retrain', 'retrain', true])
})

test('a broken column never stops the others', () => {
  const rows = 500
  const column = (name: string, draw: (i: number) => number | null) => numberColumn(name, cells(rows, draw))
  const text = (name: string, draw: (i: number) => string | null) => textColumn(name, cells(rows, draw))
  const found = report(
    [
      column('constant', () => 5),
      column('empty', () => null),
      column('emptied', () => random.normal()),
      column('retyped', () => random.normal()),
      column('huge', () => random.normal() * 1e308),
      { ...column('when', (i) => i), kind: 'timestamp' } as Column,
      text('id', (i) => `id ${i}`),
      text('mixed', (i) => (i % 3 === 0 ? '12' : i % 3 === 1 ? 'twelve' : null)),
      calm(rows),
    ],
    [
      column('constant', () => 5),
      column('empty', () => null),
      column('emptied', () => null),
      text('retyped', () => 'x'),
      column('huge', () => random.normal() * 1e308),
      { ...column('when', (i) => i + rows), kind: 'timestamp' } as Column,
      text('id', (i) => `id ${i + rows}`),
      text('mixed', (i) => (i % 3 === 0 ? '12' : i % 3 === 1 ? 'twelve' : null)),
      calm(rows),
    ],
  )
  const alarms = [...found.values()].filter((row) => row.drifted).map(({ name }) => name)
  assert.deepEqual(alarms.filter((name) => name !== 'id').sort(), ['emptied', 'retyped'])
  for (const row of found.values()) {
    for (const value of [row.psi, row.p_value, row.q_value])
      assert.ok(value === null || Number.isFinite(value))
  }
})

test('100,000 categories take no longer than their rows, and their replacement does not stop the report', () => {
  const ids = (from: number) =>
    textColumn(
      'id',
      cells(100_000, (i) => `id ${from + i}`),
    )
  const row = report([ids(0)], [ids(100_000)]).get('id')!
  assert.equal(row.status, 'compared')
})

test('one row on a side is looked at without an alarm', () => {
  const found = report([calm(1000)], [calm(1)]).get('calm')!
  assert.deepEqual([found.drifted, found.p_value], [false, null])
})
