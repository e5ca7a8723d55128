import assert from 'node:assert/strict'
import test from 'node:test'
import { buildProfile } from '../profile/build-profile.ts'
import type { ColumnDrift } from './column-drift.ts'
import { compareProfile } from './compare-profile.ts'
import { adviseRetraining } from './retrain-advice.ts'

const ROWS = 1000

/**
 * Evenly spread columns by name. Their values u in the current data become u^(1 + move): 0 leaves them, 0.7 is in the
 * band `watch`, 1 in `retrain`; null takes the column away. `missing` shares of them are lost.
 */
function report(
  moves: Readonly<Record<string, number | null>>,
  missing: Readonly<Record<string, number>> = {},
): { columns: readonly ColumnDrift[] } {
  const column = (name: string, move: number, lost = 0) => {
    const value = (i: number) => (((i * 7919) % ROWS) / ROWS) ** (1 + move)
    const values = Float64Array.from({ length: ROWS }, (_, i) => (i < lost * ROWS ? Number.NaN : value(i)))
    return { name, kind: 'number', values } as const
  }
  const reference = Object.keys(moves).map((name) => column(name, 0))
  const current = Object.entries(moves).flatMap(([name, move]) =>
    move === null ? [] : [column(name, move, missing[name])],
  )
  const profile = buildProfile({ rowCount: ROWS, columns: reference })
  return { columns: compareProfile(profile, { rowCount: ROWS, columns: current }) }
}

const names = (columns: readonly { name: string }[]) => columns.map(({ name }) => name)

test('no drift, no retraining', () => {
  const advice = adviseRetraining(report({ amount: 0, age: 0 }))
  assert.deepEqual(advice, {
    retrain: false,
    cause: 'none',
    reason: 'Nothing that the model decides by has drifted',
    weight: 0,
    columns: [],
    broken: [],
  })
})

test('inputs ask for retraining by what they mean to the model', () => {
  const moved = report({ amount: 1, age: 0, hour: 1 })
  const heavy = adviseRetraining(moved, { importance: { amount: 30, age: 69, hour: 1 } })
  assert.equal(heavy.retrain, true)
  assert.equal(heavy.cause, 'input_drift')
  assert.equal(
    heavy.reason,
    'Inputs that drifted far carry 31.0 % of the importance, 10.0 % or more asks for it',
  )
  assert.deepEqual(names(heavy.columns), ['amount', 'hour'])
  const light = adviseRetraining(moved, { importance: { amount: 4, age: 95, hour: 1 } })
  assert.deepEqual([light.retrain, light.cause, light.weight], [false, 'none', 0.05])
  assert.equal(light.reason, 'Inputs that drifted far carry 5.0 % of the importance, below 10.0 %')
})

test('without importances, or where none of them was compared, all inputs weigh alike', () => {
  const moved = report({ amount: 1, age: 0 })
  assert.equal(adviseRetraining(moved).weight, 0.5)
  assert.equal(adviseRetraining(moved, { importance: { other: 3 } }).weight, 0.5)
})

test('a column in the band `watch` does not ask for retraining', () => {
  const watched = report({ amount: 0.7, age: 0 })
  assert.deepEqual([watched.columns[0]!.drifted, watched.columns[0]!.action], [true, 'watch'])
  const advice = adviseRetraining(watched)
  assert.deepEqual([advice.retrain, advice.weight, names(advice.columns)], [false, 0, ['amount']])
  assert.equal(advice.reason, 'No drifted column asks for retraining')
})

test('the target asks for it whatever the inputs do; the scores alone do not', () => {
  const target = adviseRetraining(report({ isFraud: 1, amount: 0 }), { target: 'isFraud' })
  assert.deepEqual([target.retrain, target.cause, target.weight], [true, 'target_drift', 0])
  assert.equal(target.columns[0]!.weight, null)
  const scores = adviseRetraining(report({ score: 1, amount: 0 }), { prediction: 'score' })
  assert.deepEqual([scores.retrain, scores.weight], [false, 0])
})

test('broken data forbid it: a vanished column, and one that lost half of its values', () => {
  const vanished = adviseRetraining(report({ amount: 1, age: null }))
  assert.deepEqual([vanished.retrain, vanished.cause, vanished.broken], [false, 'broken_data', ['age']])
  assert.equal(vanished.reason, 'Repair the data first: "age" is broken')
  const emptied = adviseRetraining(report({ amount: 1, age: 0, isFraud: 1 }, { age: 0.5 }), {
    target: 'isFraud',
  })
  assert.deepEqual(emptied.broken, ['age'])
  const thinner = adviseRetraining(report({ amount: 1, age: 0 }, { age: 0.3 }))
  assert.deepEqual([thinner.retrain, thinner.broken], [true, []])
})
