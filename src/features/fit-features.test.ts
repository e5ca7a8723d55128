import assert from 'node:assert/strict'
import test from 'node:test'
import type { Column, NumberColumn, TextColumn } from '../data/table.ts'
import { FdsError } from '../errors.ts'
import { createRandom } from '../math/random.ts'
import { featureNames } from './feature-spec.ts'
import { fitFeatures } from './fit-features.ts'
import type { ColumnRoles } from './roles.ts'
import { createRowTransformer } from './row-transformer.ts'
import { transformTable } from './transform-table.ts'

const numbers = (name: string, ...values: number[]): NumberColumn => columnOf(name, 'number', values)
const columnOf = (name: string, kind: NumberColumn['kind'], values: readonly number[]): NumberColumn => ({
  name,
  kind,
  values: Float64Array.from(values),
})

/** A text column of the given cells; `null` is missing. */
function texts(name: string, cells: readonly (string | null)[]): TextColumn {
  const categories = [...new Set(cells.filter((cell) => cell !== null))]
  return {
    name,
    kind: 'text',
    categories,
    codes: Int32Array.from(cells, (cell) => categories.indexOf(cell ?? '')),
  }
}

function fit(columns: readonly Column[], roles: ColumnRoles = {}, given?: Uint8Array) {
  const first = columns[0]!
  const rowCount = first.kind === 'text' ? first.codes.length : first.values.length
  const labels = given ?? Uint8Array.from({ length: rowCount }, (_, row) => row % 2)
  return { table: { rowCount, columns }, ...fitFeatures({ table: { rowCount, columns }, labels, roles }) }
}

function codeOf(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    assert.ok(error instanceof FdsError, String(error))
    return error.code
  }
  return 'none'
}

test('a table of numbers is its own matrix, in its own order, constant columns too', () => {
  const { matrix, spec, dropped } = fit([numbers('b', 0.1, NaN, -7), numbers('a', 1, 1, 1)])
  assert.deepEqual(matrix, { rowCount: 3, columnCount: 2, values: Float32Array.of(0.1, 1, NaN, 1, -7, 1) })
  assert.deepEqual(featureNames(spec), ['b', 'a'])
  assert.deepEqual(dropped, [])
})

test('infinite numbers and those beyond float32 are missing', () => {
  const { matrix } = fit([numbers('x', Infinity, -Infinity, 1e39, 3e38)])
  assert.deepEqual(matrix.values, Float32Array.of(NaN, NaN, NaN, 3e38))
})

test('roles keep the label, names and ignored columns out, and split time and amount', () => {
  const { spec, matrix, dropped } = fit(
    [
      numbers('isFraud', 0, 1),
      numbers('trans', 1, 2),
      numbers('when', 1_735_689_600, 1_735_775_999),
      numbers('card', 5, 5),
      numbers('amount', 12.34, 5),
      numbers('noise', 1, 2),
      numbers('age', 30, 40),
    ],
    { label: 'isFraud', id: 'trans', entity: 'card', time: 'when', amount: 'amount', ignore: ['noise'] },
  )
  assert.deepEqual(featureNames(spec), ['when_hour', 'when_weekday', 'amount', 'amount_cents', 'age'])
  assert.deepEqual(matrix.values, Float32Array.of(0, 2, 12.34, 34, 30, 23, 2, 5, 0, 40))
  assert.deepEqual(
    dropped.map(({ column }) => column),
    ['trans', 'card', 'noise'],
  )
})

test('times become their parts', () => {
  const { spec, matrix } = fit([
    columnOf('seen', 'timestamp', [1_735_693_261.5]),
    columnOf('born', 'date', [-86_400]),
    columnOf('opens', 'time', [32_400]),
    columnOf('known', 'boolean', [1]),
  ])
  assert.deepEqual(featureNames(spec), [
    'seen_hour',
    'seen_weekday',
    'born_weekday',
    'born_day',
    'opens_hour',
    'known',
  ])
  assert.deepEqual([...matrix.values], [1, 2, 2, 31, 9, 1])
})

test('up to 1,000 categories become codes in the order of their texts; missing stays missing, unseen comes last', () => {
  const { spec, matrix } = fit([texts('type', ['b', 'a', 'c', 'c', null, ''])])
  assert.deepEqual([...matrix.values], [1, 0, 2, 2, NaN, NaN])
  const out = new Float32Array(1)
  createRowTransformer(spec)({ type: 'never seen' }, out)
  assert.equal(out[0], 3)
})

test('many categories become their frequency and their smoothed share of label 1', () => {
  const cells = Array.from({ length: 5000 }, (_, row) => (row % 4 === 0 ? 'bad' : `shop ${row % 20}`))
  const labels = Uint8Array.from(cells, (cell, row) => (cell === 'bad' && row % 8 === 0 ? 1 : 0))
  const more = Array.from({ length: 5000 }, (_, row) => `m${row % 1250}`)
  const { spec, table, matrix } = fit([texts('shop', cells), texts('mall', more)], {}, labels)
  assert.deepEqual(featureNames(spec), ['shop', 'mall_frequency', 'mall_target'])
  const row = createRowTransformer(spec)
  const out = new Float32Array(3)
  row({ shop: 'bad', mall: 'm3' }, out)
  assert.equal(out[1], Math.fround(1 / 1250))
  row({ mall: 'never seen' }, out)
  assert.deepEqual(out, Float32Array.of(NaN, 0, spec.prior))
  row({}, out)
  assert.deepEqual(out, Float32Array.of(NaN, NaN, NaN))
  assert.deepEqual(transformTable(spec, table).values.length, matrix.values.length)
})

test('the training matrix leaves the row out of its own target share, and only there differs from the table', () => {
  const random = createRandom(3)
  const cells = Array.from({ length: 10_000 }, () => `m${random.int(1500)}`)
  const share = Float64Array.from({ length: 1500 }, () => (random.next() < 0.2 ? 0.9 : 0.05))
  const labels = Uint8Array.from(cells, (cell) => (random.next() < share[Number(cell.slice(1))]! ? 1 : 0))
  const { spec, table, matrix } = fit([texts('merchant', cells)], {}, labels)
  const whole = transformTable(spec, table)
  const columns = [0, 1].map(
    (column) =>
      cells.filter((_, row) => matrix.values[row * 2 + column] !== whole.values[row * 2 + column]).length,
  )
  assert.equal(columns[0], 0)
  assert.ok(columns[1]! > 8000)
})

test('columns that tell nothing or name rows are dropped with the reason; few rows name nothing', () => {
  const names = Array.from({ length: 200 }, (_, row) => `t${row}`)
  const { spec, dropped } = fit([
    columnOf('age', 'number', Array(200).fill(1)),
    texts('trans_num', names),
    texts('country', Array(200).fill('KR')),
    texts('empty', Array(200).fill(null)),
    texts('sometimes', [...Array(199).fill('yes'), null]),
  ])
  assert.deepEqual(featureNames(spec), ['age', 'sometimes'])
  assert.deepEqual(dropped, [
    { column: 'trans_num', reason: 'identifier: 200 different texts in 200 rows' },
    { column: 'country', reason: 'the same text in every row' },
    { column: 'empty', reason: 'no value in any row' },
  ])
  assert.equal(fit([texts('name', names.slice(0, 100))]).dropped.length, 0)
})

test('a column of 30,000 categories keeps the 10,000 most frequent and pools the rest with the unseen', () => {
  const categories = Array.from({ length: 30_000 }, (_, code) => `c${code}`)
  // 0 to 9,999 come five times, the others twice
  const codes = Int32Array.from({ length: 90_000 }, (_, row) =>
    row < 50_000 ? row % 10_000 : 10_000 + (row % 20_000),
  )
  const { spec } = fit([{ name: 'device', kind: 'text', codes, categories }])
  assert.equal(spec.inputs[0]!.categories?.length, 10_000)
  const row = createRowTransformer(spec)
  const [frequent, rare, unseen] = ['c9999', 'c29999', 'never seen'].map((device) => {
    const out = new Float32Array(2)
    row({ device }, out)
    return out
  })
  assert.equal(frequent![0], Math.fround(5 / 90_000))
  assert.equal(rare![0], Math.fround(2 / 90_000))
  assert.deepEqual(unseen, rare)
})

test('a made name gives way to a column that has it', () => {
  const { spec } = fit([numbers('t', 0), numbers('t_hour', 5), numbers('t_hour_', 6)], { time: 't' })
  assert.deepEqual(featureNames(spec), ['t_hour__', 't_weekday', 't_hour', 't_hour_'])
})

test('a label that the training table lacks may stand in later tables', () => {
  const { spec } = fit([numbers('x', 1, 2)], { label: 'isFraud' })
  const later = { rowCount: 1, columns: [numbers('isFraud', 1), numbers('x', 3)] }
  assert.deepEqual([...transformTable(spec, later).values], [3])
})

test('bad training data and bad roles are refused by name', () => {
  const table = { rowCount: 1, columns: [numbers('x', 1)] }
  const fitting = (roles: ColumnRoles, labels = Uint8Array.of(1)) =>
    codeOf(() => fitFeatures({ table, labels, roles }))
  assert.equal(fitting({ time: 'y' }), 'COLUMN_MISSING')
  assert.equal(fitting({ ignore: ['y'] }), 'COLUMN_MISSING')
  assert.equal(fitting({ ignore: ['x'] }), 'TRAINING_DATA_INVALID')
  assert.equal(fitting({}, Uint8Array.of(1, 0)), 'TRAINING_DATA_INVALID')
  assert.equal(
    codeOf(() => fit([texts('t', ['noon'])], { time: 't' })),
    'COLUMN_TYPE_INVALID',
  )
  assert.equal(
    codeOf(() => fit([texts('t', ['5 $'])], { amount: 't' })),
    'COLUMN_TYPE_INVALID',
  )
  const empty = { rowCount: 0, columns: [numbers('x')] }
  assert.equal(
    codeOf(() => fitFeatures({ table: empty, labels: new Uint8Array(), roles: {} })),
    'ROWS_TOO_FEW',
  )
})
