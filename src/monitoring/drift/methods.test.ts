import assert from 'node:assert/strict'
import test from 'node:test'
import type { Column } from '../../data/table.ts'
import { createRandom } from '../../math/index.ts'
import { buildProfile, type ColumnDrift, compareProfile } from '../index.ts'
import { numberColumn, tableOf, textColumn } from '../profile/table.fixture.ts'
import { DISTRIBUTION_METHODS } from './distribution-finding.ts'
import { ksTest } from './ks-test.ts'
import type { MethodChoice } from './method-choice.ts'
import { wassersteinDistance } from './wasserstein.ts'

const random = createRandom(12)
const ROWS = 1000
const normal = (shift: number) => Array.from({ length: ROWS }, () => random.normal() + shift)
const shops = (share: number) =>
  Array.from({ length: ROWS }, () => (random.next() < share ? 'first' : `shop ${random.int(6)}`))
const [before, calm, moved] = [normal(0), normal(0), normal(1)]
const reference = [
  numberColumn('calm', before),
  numberColumn('moved', before),
  textColumn('shop', shops(0.2)),
]
const current = [numberColumn('calm', calm), numberColumn('moved', moved), textColumn('shop', shops(0.6))]

function compared(methods: MethodChoice, sides: { reference: Column[]; current: Column[] }): ColumnDrift[] {
  const tables = { reference: tableOf(...sides.reference), current: tableOf(...sides.current) }
  return [...compareProfile(buildProfile(tables.reference), tables.current, { methods, tables })]
}

test('every method finds what moved, leaves what did not, and the band is there besides', () => {
  for (const method of DISTRIBUTION_METHODS) {
    const rows = compared({ method }, { reference, current })
    assert.deepEqual(
      rows.map(({ drifted }) => drifted),
      [false, true, true],
      method,
    )
    assert.equal(rows[1]!.method, method)
    assert.deepEqual([rows[1]!.band, rows[1]!.action], ['retrain', 'retrain'])
    assert.equal(rows[1]!.message.startsWith('Moved materially, and not by chance ('), true)
  }
})

test('the scores are those of the values', () => {
  const [, ks] = compared({ method: 'ks' }, { reference, current })
  assert.deepEqual([ks!.score, ks!.p_value, ks!.threshold], [ksTest(before, moved).pValue, ks!.score, 0.05])
  const [, wasserstein] = compared({ numMethod: 'wasserstein' }, { reference, current })
  const mean = before.reduce((sum, value) => sum + value, 0) / ROWS
  const deviation = Math.sqrt(before.reduce((sum, value) => sum + (value - mean) ** 2, 0) / ROWS)
  assert.ok(Math.abs(wasserstein!.score! - wassersteinDistance(before, moved) / deviation) < 1e-12)
})

test('a column’s own choice comes before its type’s, and that before the one for all', () => {
  const rows = compared(
    {
      method: 'ks',
      numMethod: 'TVD',
      perColumnMethod: { moved: 'hellinger' },
      threshold: 0.5,
      catThreshold: 0.9,
      perColumnThreshold: { moved: 0.8 },
    },
    { reference, current },
  )
  assert.deepEqual(
    rows.map(({ method, threshold, drifted }) => [method, threshold, drifted]),
    [
      ['TVD', 0.5, false],
      ['hellinger', 0.8, false],
      // K-S compares no texts
      ['psi', 0.1, true],
    ],
  )
})

test('what does not fit is refused: names, numbers’ methods for texts, values where there is a profile alone', () => {
  const refused = { code: 'PARAM_INVALID' }
  assert.throws(() => compared({ method: 'KS' }, { reference, current }), refused)
  assert.throws(() => compared({ catMethod: 'wasserstein' }, { reference, current }), refused)
  assert.throws(() => compared({ perColumnMethod: { shop: 'ks' } }, { reference, current }), refused)
  const profile = buildProfile(tableOf(...reference))
  assert.throws(() => compareProfile(profile, tableOf(...current), { methods: { method: 'ks' } }), refused)
})

test('broken columns have a row with every method', () => {
  const column = (name: string, draw: (i: number) => number | null) =>
    numberColumn(
      name,
      Array.from({ length: 50 }, (_, i) => draw(i)),
    )
  const sides = {
    reference: [column('constant', () => 1), column('empty', () => null), column('emptied', (i) => i)],
    current: [column('constant', () => 1), column('empty', () => null), column('emptied', () => null)],
  }
  for (const method of DISTRIBUTION_METHODS) {
    const rows = compared({ method }, sides)
    assert.deepEqual(
      rows.map(({ drifted }) => drifted),
      [false, false, true],
      method,
    )
  }
})
