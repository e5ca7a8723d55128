import assert from 'node:assert/strict'
import test from 'node:test'
import { columnOf, type NumberColumn } from '../data/index.ts'
import { ROLES, smallFolds, smallTable } from './tune.fixture.ts'
import { cutFolds, foldBounds } from './tune-folds.ts'

test('one fold is the last fifth after four fifths; several are the last parts of equal size', () => {
  assert.deepEqual(foldBounds(100, 1), [[80, 100]])
  assert.deepEqual(foldBounds(80, 4), [
    [40, 50],
    [50, 60],
    [60, 70],
    [70, 80],
  ])
})

test('a fold trains on all rows before those that it measures, and none sees the holdout', () => {
  const folds = smallFolds(3)
  // 480 rows of 600 before the holdout, in seven parts
  assert.deepEqual(
    folds.map(({ x, validation }) => [x.rowCount, validation.x.rowCount]),
    [
      [274, 69],
      [343, 68],
      [411, 69],
    ],
  )
})

test('rows are cut in time, whatever their order in the file', () => {
  const [fold] = smallFolds()
  const table = smallTable()
  const values = (name: string) => (columnOf(table, name) as NumberColumn).values
  const times = values('at')
  const validating = [...times.keys()].filter((row) => times[row]! >= 384 && times[row]! < 480)
  validating.sort((a, b) => times[a]! - times[b]!)
  assert.deepEqual(
    [...fold!.validation.y],
    validating.map((row) => values('isFraud')[row]),
  )
})

test('what threads share is in shared memory', () => {
  const [{ x, y, validation }] = smallFolds() as [ReturnType<typeof smallFolds>[number]]
  for (const buffer of [x.memory.buffer, y.buffer, validation.y.buffer, validation.x.values.buffer])
    assert.ok(buffer instanceof SharedArrayBuffer)
})

test('a part of one class is refused by its name', () => {
  const table = smallTable(40)
  const label = { name: 'isFraud', kind: 'number', values: new Float64Array(40).fill(1, 0, 3) } as const
  const columns = [...table.columns.filter(({ name }) => name !== 'isFraud'), label]
  const input = { table: { rowCount: 40, columns }, roles: ROLES, holdout: 0, folds: 2, maxBin: 256 }
  assert.throws(() => cutFolds(input), {
    code: 'LABEL_ONE_CLASS',
    message: /got only 0 in 6 rows, the validation rows of fold 1 of 2$/,
  })
})
