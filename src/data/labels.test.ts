import assert from 'node:assert/strict'
import test from 'node:test'
import { labelsOf, requireBothClasses } from './labels.ts'
import type { Column, Table } from './table.ts'

test('takes 0 and 1 and booleans', () => {
  for (const kind of ['number', 'boolean'] as const) {
    const table = tableOf({ name: 'isFraud', kind, values: Float64Array.of(0, 1, -0, 1) })
    assert.deepEqual(labelsOf(table, 'isFraud'), Uint8Array.of(0, 1, 0, 1))
  }
})

test('names the first row that is neither', () => {
  const cases: readonly [column: Column, row: number, got: string][] = [
    [{ name: 'y', kind: 'number', values: Float64Array.of(0, 1, 2, 7) }, 3, '2'],
    [{ name: 'y', kind: 'number', values: Float64Array.of(0.5) }, 1, '0.5'],
    [{ name: 'y', kind: 'number', values: Float64Array.of(1, NaN) }, 2, 'a missing value'],
    [{ name: 'y', kind: 'boolean', values: Float64Array.of(1, 0, NaN) }, 3, 'a missing value'],
    [{ name: 'y', kind: 'text', codes: Int32Array.of(0, 1), categories: ['1', '0'] }, 1, '"1"'],
    [{ name: 'y', kind: 'date', values: Float64Array.of(0, 1) }, 1, '"1970-01-01"'],
  ]
  for (const [column, row, got] of cases) {
    assert.throws(() => labelsOf(tableOf(column), 'y'), {
      code: 'LABEL_INVALID',
      details: { column: 'y', row, got },
    })
  }
  assert.throws(() => labelsOf(tableOf(cases[0]![0]), 'z'), { code: 'COLUMN_MISSING' })
})

test('asks for both classes', () => {
  assert.doesNotThrow(() => requireBothClasses(Uint8Array.of(0, 0, 1), 'y'))
  for (const value of [0, 1]) {
    assert.throws(() => requireBothClasses(new Uint8Array(3).fill(value), 'y'), {
      code: 'LABEL_ONE_CLASS',
      details: { column: 'y', value, rows: 3 },
    })
  }
})

function tableOf(column: Column): Table {
  return { rowCount: column.kind === 'text' ? column.codes.length : column.values.length, columns: [column] }
}
