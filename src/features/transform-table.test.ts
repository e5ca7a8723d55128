import assert from 'node:assert/strict'
import test from 'node:test'
import type { Column, NumberColumn } from '../data/table.ts'
import { fitFeatures } from './fit-features.ts'
import { parseFeatureSpec } from './parse-feature-spec.ts'
import { passThroughSpec } from './pass-through-spec.ts'
import { transformTable } from './transform-table.ts'

const values = (name: string, kind: NumberColumn['kind'], ...cells: number[]): Column => ({
  name,
  kind,
  values: Float64Array.from(cells),
})
const texts = (name: string, ...cells: string[]): Column => ({
  name,
  kind: 'text',
  categories: [...new Set(cells.filter((cell) => cell !== ''))],
  codes: Int32Array.from(cells, (cell) => [...new Set(cells.filter((other) => other !== ''))].indexOf(cell)),
})

const { spec } = fitFeatures({
  table: {
    rowCount: 2,
    columns: [
      values('id', 'number', 1, 2),
      values('amount', 'number', 5, 6),
      texts('zip', '1234', '99'),
      values('at', 'timestamp', 0, 3600),
      values('known', 'boolean', 0, 1),
    ],
  },
  labels: Uint8Array.of(0, 1),
  roles: { id: 'id', label: 'isFraud' },
})
const row = (...columns: Column[]) => [...transformTable(spec, { rowCount: 1, columns }).values]
const amount = values('amount', 'number', 5)
const zip = texts('zip', '99')
const at = values('at', 'timestamp', 3600)
const known = values('known', 'boolean', 1)
// amount, zip's code (ties by text), hour, weekday, known
const expected = [5, 1, 1, 3, 1]

test('columns come in any order; those without a feature may be absent or of any kind', () => {
  assert.deepEqual(row(amount, zip, at, known), expected)
  assert.deepEqual(row(known, at, texts('id', 'T-1'), zip, amount, texts('isFraud', 'no')), expected)
})

test('a column of another kind is read as live values would be', () => {
  assert.deepEqual(row(amount, values('zip', 'number', 99), at, known), expected)
  assert.deepEqual(row(amount, zip, texts('at', '1970-01-01T01:00:00Z'), known), expected)
  assert.deepEqual(row(amount, zip, values('at', 'number', 3600), known), expected)
  assert.deepEqual(row(amount, zip, values('at', 'date', 0), known), [5, 1, 0, 3, 1])
  assert.deepEqual(row(amount, zip, at, values('known', 'number', 1)), expected)
  assert.deepEqual(row(amount, values('zip', 'number', Infinity), at, known), [5, NaN, 1, 3, 1])
})

test('a column without any value is missing whatever its kind', () => {
  assert.deepEqual(row(texts('amount', ''), zip, at, known), [NaN, ...expected.slice(1)])
  assert.deepEqual(row(values('amount', 'time', NaN), zip, at, known), [NaN, ...expected.slice(1)])
})

test('a value of the wrong type is refused with its column and row', () => {
  const refused = (...columns: Column[]) =>
    assert.throws(() => row(...columns), { code: 'COLUMN_TYPE_INVALID' })
  refused(values('amount', 'boolean', 1), zip, at, known)
  refused(amount, zip, texts('at', 'noon'), known)
  refused(amount, zip, values('at', 'time', 5), known)
  refused(amount, zip, at, values('known', 'number', 2))
  assert.throws(() => row(texts('amount', '5 $'), zip, at, known), {
    message: 'Column "amount" must be a number, got "5 $" in row 1',
  })
})

test('missing and unknown columns are refused by name', () => {
  assert.throws(() => row(zip, values('Amount', 'number', 5), known), {
    code: 'FEATURES_MISMATCH',
    message: 'The model expects 4 columns, got 3; missing: amount, at; unknown: Amount',
  })
})

test('a table without rows gives a matrix without rows', () => {
  const columns = [
    values('amount', 'number'),
    texts('zip'),
    values('at', 'timestamp'),
    values('known', 'boolean'),
  ]
  const matrix = transformTable(spec, { rowCount: 0, columns })
  assert.deepEqual(matrix, { rowCount: 0, columnCount: 5, values: new Float32Array() })
})

test('a specification of names alone takes the number columns of those names', () => {
  const columns = [values('a', 'number', 1), values('b', 'number', 2)]
  assert.deepEqual([...transformTable(passThroughSpec(['b', 'a']), { rowCount: 1, columns }).values], [2, 1])
  assert.deepEqual(
    parseFeatureSpec(JSON.parse(JSON.stringify(passThroughSpec(['x'])))),
    passThroughSpec(['x']),
  )
  assert.throws(() => passThroughSpec(['a', 'a']), { code: 'FEATURE_SPEC_INVALID' })
  assert.throws(() => passThroughSpec([]), { code: 'FEATURE_SPEC_INVALID' })
})
