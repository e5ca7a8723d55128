import assert from 'node:assert/strict'
import test from 'node:test'
import type { Column } from '../../data/table.ts'
import { createRandom } from '../../math/index.ts'
import { buildProfile, type ColumnDrift, compareProfile } from '../index.ts'
import { numberColumn, tableOf, textColumn } from '../profile/table.fixture.ts'

const ROWS = 2000
const random = createRandom(21)
const cells = <Cell>(draw: () => Cell): Cell[] => Array.from({ length: ROWS }, draw)
const normal = (shift = 0) => cells(() => random.normal() + shift)

function compared(reference: Column, current: Column): ColumnDrift {
  return compareProfile(buildProfile(tableOf(reference)), tableOf(current))[0]!
}

test('the same distribution is stable, a shifted one drifts', () => {
  const same = compared(numberColumn('a', normal()), numberColumn('a', normal()))
  assert.deepEqual([same.status, same.drifted, same.band], ['compared', false, 'stable'])
  const moved = compared(numberColumn('a', normal()), numberColumn('a', normal(1)))
  assert.deepEqual([moved.drifted, moved.band, moved.method, moved.threshold], [true, 'retrain', 'psi', 0.1])
  assert.ok(moved.p_value! < 1e-6 && moved.score === moved.psi)
})

test('categories drift when their shares do, and by a new one', () => {
  const shares = (kr: number) => cells(() => (random.next() < kr ? 'KR' : 'US'))
  assert.ok(!compared(textColumn('c', shares(0.6)), textColumn('c', shares(0.6))).drifted)
  assert.ok(compared(textColumn('c', shares(0.6)), textColumn('c', shares(0.2))).drifted)
  const invaded = cells(() => (random.next() < 0.25 ? 'XX' : 'KR'))
  assert.ok(
    compared(
      textColumn(
        'c',
        cells(() => 'KR'),
      ),
      textColumn('c', invaded),
    ).drifted,
  )
})

test('more missing values alone are drift', () => {
  const thinned = (share: number) => normal().map((value) => (random.next() < share ? null : value))
  const row = compared(numberColumn('a', thinned(0.01)), numberColumn('a', thinned(0.6)))
  assert.ok(row.drifted)
  assert.ok(row.missing.reference! < 0.02 && row.missing.current! > 0.55)
})

const constant = (value: number) =>
  numberColumn(
    'a',
    cells(() => value),
  )

test('a constant that moves is drift, one that stays is not', () => {
  assert.ok(compared(constant(1), constant(2)).drifted)
  assert.ok(compared(constant(1), constant(0)).drifted)
  assert.ok(!compared(constant(1), constant(1)).drifted)
})

test('a vanished column counts as drifted, a new one is told', () => {
  const reference = tableOf(numberColumn('a', normal()), numberColumn('b', normal()))
  const current = tableOf(numberColumn('c', normal()), numberColumn('a', normal()))
  const rows = compareProfile(buildProfile(reference), current)
  assert.deepEqual(
    rows.map(({ name, status, drifted }) => [name, status, drifted]),
    [
      ['a', 'compared', false],
      ['b', 'vanished', true],
      ['c', 'new', false],
    ],
  )
  assert.equal(rows[1]!.score, null)
})

test('a changed type counts as drifted', () => {
  const row = compared(
    numberColumn('a', normal()),
    textColumn(
      'a',
      cells(() => 'x'),
    ),
  )
  assert.deepEqual([row.status, row.drifted], ['type_changed', true])
  assert.equal(row.message, 'The type changed from number to text')
})

test('an all-missing column is compared by its missing values, whatever its type', () => {
  const empty = cells(() => null)
  const gone = compared(numberColumn('a', normal()), textColumn('a', empty))
  assert.deepEqual(
    [gone.status, gone.drifted, gone.message],
    ['compared', true, 'No value in the current data'],
  )
  const came = compared(textColumn('a', empty), numberColumn('a', normal()))
  assert.deepEqual(
    [came.status, came.drifted, came.message],
    ['compared', true, 'No value in the reference data'],
  )
  const never = compared(numberColumn('a', empty), textColumn('a', empty))
  assert.deepEqual([never.drifted, never.psi], [false, 0])
  assert.ok(compared(numberColumn('a', empty), numberColumn('a', normal())).drifted)
})

test('times are told and not compared', () => {
  const row = compared(numberColumn('t', normal(), 'timestamp'), numberColumn('t', normal(9), 'timestamp'))
  assert.deepEqual([row.status, row.drifted, row.type], ['not_compared', false, 'datetime'])
})

test('one row on either side is compared without an alarm', () => {
  const one = tableOf(numberColumn('a', [5]), textColumn('c', ['x']))
  const many = tableOf(
    numberColumn('a', normal()),
    textColumn(
      'c',
      cells(() => 'y'),
    ),
  )
  for (const [reference, current] of [
    [one, many],
    [many, one],
    [one, one],
  ] as const) {
    const rows = compareProfile(buildProfile(reference), current)
    assert.deepEqual(
      rows.map(({ drifted }) => drifted),
      [false, false],
    )
  }
})

test('a few rows that look different are said to be too few', () => {
  const row = compared(numberColumn('a', normal()), numberColumn('a', [2, 2.5, 3]))
  assert.ok(!row.drifted && row.psi! > 0.25)
  assert.match(row.message, /too few rows/)
})

test('no common column and no rows are refused', () => {
  const reference = buildProfile(tableOf(numberColumn('a', [1, 2])))
  assert.throws(() => compareProfile(reference, tableOf(numberColumn('b', [1]))), {
    code: 'NO_COMMON_COLUMNS',
    message: /the reference has a; the current data have b/,
  })
  assert.throws(() => compareProfile(reference, tableOf(numberColumn('a', []))), { code: 'ROWS_TOO_FEW' })
  assert.throws(
    () => compareProfile(buildProfile(tableOf(numberColumn('a', []))), tableOf(numberColumn('a', [1]))),
    {
      code: 'ROWS_TOO_FEW',
    },
  )
})

test('names that objects have by birth are names like any other', () => {
  const named = (shift: number) =>
    tableOf(
      numberColumn('__proto__', normal(shift)),
      textColumn(
        'c',
        cells(() => 'constructor'),
      ),
    )
  const rows = compareProfile(buildProfile(named(0)), named(1))
  assert.deepEqual(
    rows.map(({ name, drifted }) => [name, drifted]),
    [
      ['__proto__', true],
      ['c', false],
    ],
  )
})

test('false alarms stay under 5 % where nothing drifts', () => {
  const draws = createRandom(99)
  let alarms = 0
  for (let run = 0; run < 400; run++) {
    const rows = 50 + draws.int(400)
    const skewed = () => Array.from({ length: rows }, () => Math.exp(draws.normal() * 1.5))
    if (compared(numberColumn('a', skewed()), numberColumn('a', skewed())).drifted) alarms++
  }
  assert.ok(alarms <= 20, `${alarms} alarms in 400`)
})
