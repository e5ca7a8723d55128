import assert from 'node:assert/strict'
import test from 'node:test'
import type { Cell } from '../data/transaction.ts'
import { fitFeatures } from './fit-features.ts'
import { createRowTransformer } from './row-transformer.ts'

const { spec } = fitFeatures({
  table: {
    rowCount: 2,
    columns: [
      { name: 'id', kind: 'number', values: Float64Array.of(1, 2) },
      { name: 'amount', kind: 'number', values: Float64Array.of(5, 6) },
      { name: 'city', kind: 'text', categories: ['7', 'true', ''], codes: Int32Array.of(0, 1) },
      { name: 'at', kind: 'timestamp', values: Float64Array.of(0, 3600) },
      { name: 'known', kind: 'boolean', values: Float64Array.of(0, 1) },
      { name: 'opens', kind: 'time', values: Float64Array.of(0, 3600) },
      { name: 'born', kind: 'date', values: Float64Array.of(0, 86_400) },
    ],
  },
  labels: Uint8Array.of(0, 1),
  roles: { id: 'id' },
})
const transform = createRowTransformer(spec)
const names = spec.features.map((feature) => feature.name)

/** The features that are not missing, by name. */
function featuresOf(json: string): Record<string, number> {
  const out = new Float32Array(names.length)
  transform(JSON.parse(json), out)
  return Object.fromEntries(
    names.map((name, i) => [name, out[i]!] as const).filter(([, x]) => !Number.isNaN(x)),
  )
}

test('a column left out and null are missing, and nothing of the last transaction stays', () => {
  assert.deepEqual(featuresOf('{"amount":5,"city":"7"}'), { amount: 5, city: 0 })
  assert.deepEqual(featuresOf('{"amount":null,"city":"","at":null,"known":null}'), {})
  assert.deepEqual(featuresOf('{}'), {})
})

test('texts take texts alone, booleans take 0 and 1, times take ISO texts and seconds', () => {
  assert.throws(() => featuresOf('{"city":7}'), { code: 'TRANSACTION_INVALID' })
  assert.throws(() => featuresOf('{"city":true}'), { code: 'TRANSACTION_INVALID' })
  assert.throws(() => featuresOf('{"at":1e300}'), { code: 'TRANSACTION_INVALID' })
  assert.deepEqual(featuresOf('{"city":"elsewhere"}'), { city: 2 })
  assert.deepEqual(featuresOf('{"known":true}'), featuresOf('{"known":1}'))
  assert.deepEqual(featuresOf('{"at":"1970-01-01T05:00:00Z"}'), { at_hour: 5, at_weekday: 3 })
  assert.deepEqual(featuresOf('{"at":18000}'), { at_hour: 5, at_weekday: 3 })
  assert.deepEqual(featuresOf('{"opens":"05:30"}'), { opens_hour: 5 })
  assert.deepEqual(featuresOf('{"born":"1970-01-31"}'), { born_weekday: 5, born_day: 31 })
})

test('columns that no feature is made of take any value but lists and objects', () => {
  for (const id of ['1', '"T-1"', 'true', 'null']) assert.deepEqual(featuresOf(`{"id":${id}}`), {})
  assert.throws(() => featuresOf('{"id":{"a":1}}'), { code: 'TRANSACTION_INVALID' })
})

test('a wrong type is refused with the field, what it takes and what came', () => {
  const refused = ['{"amount":"5"}', '{"amount":true}', '{"amount":1e999}', '{"amount":[1]}', '{"amount":{}}']
  refused.push(
    '{"known":2}',
    '{"known":"yes"}',
    '{"at":"noon"}',
    '{"at":""}',
    '{"at":true}',
    '{"opens":"25:00"}',
  )
  refused.push('{"city":[]}', '{"city":1e999}', '{"born":false}')
  for (const json of refused) assert.throws(() => featuresOf(json), { code: 'TRANSACTION_INVALID' }, json)
  assert.throws(() => featuresOf('{"amount":"5 $"}'), {
    message: 'Field "amount" must be a number, got "5 $"',
  })
  const long = { amount: 'x'.repeat(100_000) } satisfies Record<string, Cell>
  assert.throws(
    () => transform(long, new Float32Array(names.length)),
    (error: Error) => error.message.length < 120,
  )
})

test('unknown columns are refused by name, and names of Object are names like any other', () => {
  assert.throws(() => featuresOf('{"amount":5,"amuont":5,"x":1}'), {
    code: 'FEATURES_MISMATCH',
    message: 'The model expects 6 columns, got 3; unknown: amuont, x',
  })
  for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
    assert.throws(() => featuresOf(`{"${name}":{"amount":1}}`), { code: 'FEATURES_MISMATCH' })
  }
  assert.equal(Object.hasOwn(Object.prototype, 'amount'), false)
})

test('an output of another length is refused', () => {
  assert.throws(() => transform({}, new Float32Array(2)), { code: 'FEATURES_MISMATCH' })
})
