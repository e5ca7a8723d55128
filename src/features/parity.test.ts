// A file and a live transaction must give the same bits: the same code makes both.
import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { type Column, selectRows, type Table, tableRows } from '../data/table.ts'
import type { Transaction } from '../data/transaction.ts'
import { createRandom } from '../math/random.ts'
import { type FeatureSpec, featureNames } from './feature-spec.ts'
import { fitFeatures } from './fit-features.ts'
import { parseFeatureSpec } from './parse-feature-spec.ts'
import { createRowTransformer } from './row-transformer.ts'
import { transformTable } from './transform-table.ts'

const throughJson = <T>(value: T): T => JSON.parse(JSON.stringify(value))

test('random tables of any kind give the same bits as a table and row by row', () => {
  const seen = { tables: 0, missing: 0, values: 0 }
  fc.assert(
    fc.property(tableOf(), fc.nat(), (table, seed) => {
      const random = createRandom(seed)
      const labels = Uint8Array.from({ length: table.rowCount }, () => random.int(2))
      const half = Int32Array.from({ length: Math.ceil(table.rowCount / 2) }, (_, row) => row)
      const train = selectRows(table, half)
      const spec = fitOrNothing(train, labels.subarray(0, half.length))
      if (!spec) return
      seen.tables += 1
      for (const value of sameBits(spec, table)) seen[Number.isNaN(value) ? 'missing' : 'values'] += 1
    }),
    { seed: 5, numRuns: 200 },
  )
  assert.ok(seen.tables > 150 && seen.missing > 1000 && seen.values > 1000, JSON.stringify(seen))
})

test('a million cells give the same bits as a table and row by row', () => {
  const table = cardTable(25_000)
  const labels = Uint8Array.from({ length: table.rowCount }, (_, row) => (row % 97 === 0 ? 1 : 0))
  const train = selectRows(
    table,
    Int32Array.from({ length: 15_000 }, (_, row) => row),
  )
  const roles = { time: 'when', amount: 'number 0', id: 'number 1' }
  const { spec } = fitFeatures({ table: train, labels: labels.subarray(0, 15_000), roles })
  assert.ok(featureNames(spec).length >= 40)
  assert.ok(sameBits(spec, table).length >= 1_000_000)
})

/** Transforms the table both ways, through the saved specification and JSON rows, and compares the bits. */
function sameBits(fitted: FeatureSpec, table: Table): Float32Array {
  const spec = parseFeatureSpec(throughJson(fitted))
  const { values, columnCount } = transformTable(spec, table)
  const transform = createRowTransformer(spec)
  const rows = new Float32Array(values.length)
  let row = 0
  for (const transaction of tableRows(table)) {
    transform(throughJson<Transaction>(transaction), rows.subarray(row * columnCount, ++row * columnCount))
  }
  assert.equal(row, table.rowCount)
  const bits = (floats: Float32Array): Uint8Array => new Uint8Array(floats.buffer, 0, floats.byteLength)
  assert.ok(Buffer.compare(bits(values), bits(rows)) === 0, `of ${featureNames(spec)}`)
  return values
}

/** Nothing when every column was dropped, which fit refuses. */
function fitOrNothing(table: Table, labels: Uint8Array): FeatureSpec | undefined {
  try {
    return fitFeatures({ table, labels, roles: {} }).spec
  } catch (error) {
    assert.match(String(error), /no column is left/)
    return undefined
  }
}

function tableOf(): fc.Arbitrary<Table> {
  const names = fc.uniqueArray(
    fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'toString', 'amount', '1', '')),
    { minLength: 1, maxLength: 8 },
  )
  return fc
    .tuple(names, fc.integer({ min: 1, max: 60 }))
    .chain(([columnNames, rowCount]) =>
      fc
        .tuple(...columnNames.map((name) => columnOf(name, rowCount)))
        .map((columns) => ({ rowCount, columns })),
    )
}

function columnOf(name: string, rowCount: number): fc.Arbitrary<Column> {
  const numbers = (value: fc.Arbitrary<number>): fc.Arbitrary<Float64Array> =>
    fc
      .array(fc.oneof({ weight: 4, arbitrary: value }, { weight: 1, arbitrary: fc.constant(NaN) }), {
        minLength: rowCount,
        maxLength: rowCount,
      })
      .map((values) => Float64Array.from(values))
  const texts = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom('', '__proto__', 'constructor', 'null', 'NaN', '0', 'true', '\ud800', ' a ', 'a'),
  )
  const number = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(-0, 1e39, Infinity, -Infinity, 1e-50))
  const milliseconds = fc.integer({ min: -8e12, max: 8e15 }).map((ms) => ms / 1000)
  const days = fc.integer({ min: -700_000, max: 2_900_000 }).map((day) => day * 86_400)
  const ofKind = (kind: 'number' | 'boolean' | 'timestamp' | 'date' | 'time', value: fc.Arbitrary<number>) =>
    numbers(value).map((values): Column => ({ name, kind, values }))
  return fc.oneof(
    ofKind('number', number),
    ofKind('boolean', fc.nat(1)),
    ofKind('timestamp', milliseconds),
    ofKind('date', days),
    ofKind('time', fc.integer({ min: 0, max: 86_399 })),
    fc.uniqueArray(texts, { minLength: 1, maxLength: 40 }).chain((categories) =>
      fc
        .array(fc.integer({ min: -1, max: categories.length - 1 }), {
          minLength: rowCount,
          maxLength: rowCount,
        })
        .map((codes): Column => ({ name, kind: 'text', codes: Int32Array.from(codes), categories })),
    ),
  )
}

/** Forty columns of card payments: numbers, texts of many sizes with some that come late, and times. */
function cardTable(rowCount: number): Table {
  const random = createRandom(8)
  const numbers = (name: string, value: (row: number) => number): Float64Array =>
    Float64Array.from({ length: rowCount }, (_, row) =>
      random.next() < 0.05 && name !== '' ? NaN : value(row),
    )
  const columns: Column[] = Array.from({ length: 32 }, (_, i) => {
    const name = `number ${i}`
    return { name, kind: 'number', values: numbers(name, () => random.normal() * 10 ** (i - 16)) }
  })
  for (const size of [2, 16, 1000, 1100, 9000]) {
    const categories = Array.from({ length: size }, (_, i) => `category ${i}`)
    const late = (row: number): number => Math.min(size, 1 + Math.floor((row * size) / rowCount))
    const codes = Int32Array.from({ length: rowCount }, (_, row) => random.int(late(row) + 1) - 1)
    columns.push({ name: `text ${size}`, kind: 'text', codes, categories })
  }
  columns.push({
    name: 'when',
    kind: 'timestamp',
    values: numbers('when', (row) => 1_735_689_600 + row * 37.5),
  })
  columns.push({ name: 'flag', kind: 'boolean', values: numbers('flag', () => random.int(2)) })
  columns.push({ name: 'clock', kind: 'time', values: numbers('clock', () => random.int(86_400)) })
  return { rowCount, columns }
}
