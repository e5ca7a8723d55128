import assert from 'node:assert/strict'
import test from 'node:test'
import { inputColumns, specHash } from './feature-spec.ts'
import { fitFeatures } from './fit-features.ts'
import { parseFeatureSpec } from './parse-feature-spec.ts'

const ROWS = 4004
const categories = Array.from({ length: 1001 }, (_, i) => `m${i}`)
const { spec } = fitFeatures({
  table: {
    rowCount: ROWS,
    columns: [
      { name: 'isFraud', kind: 'number', values: Float64Array.from({ length: ROWS }, (_, row) => row % 2) },
      { name: 'amount', kind: 'number', values: new Float64Array(ROWS) },
      {
        name: 'merchant',
        kind: 'text',
        categories,
        codes: Int32Array.from({ length: ROWS }, (_, row) => row % 1001),
      },
    ],
  },
  labels: Uint8Array.from({ length: ROWS }, (_, row) => row % 2),
  roles: { label: 'isFraud', amount: 'amount' },
})

/** The saved specification with a text replaced, and a hash that is true of the result. */
function changed(from: string, to: string): unknown {
  const json = JSON.stringify(spec)
  assert.ok(json.includes(from), from)
  const draft = JSON.parse(json.replace(from, to))
  return { ...draft, hash: specHash(draft) }
}

const reasonOf = (json: unknown): string => {
  let reason = 'accepted'
  assert.throws(
    () => parseFeatureSpec(json),
    (error: Error & { code?: string }) => {
      reason = error.message.replace('The feature specification is not valid: ', '')
      return error.code === 'FEATURE_SPEC_INVALID'
    },
  )
  return reason
}

test('what was saved is read back equal, whatever the order of its keys', () => {
  assert.deepEqual(parseFeatureSpec(JSON.parse(JSON.stringify(spec))), spec)
  const backwards = Object.fromEntries(Object.entries(JSON.parse(JSON.stringify(spec))).reverse())
  assert.equal(parseFeatureSpec(backwards).hash, spec.hash)
  assert.match(spec.hash, /^[0-9a-f]{64}$/)
})

test('a specification is frozen through and through, and the file it came from is not', () => {
  const json = JSON.parse(JSON.stringify(spec))
  const parsed = parseFeatureSpec(json)
  for (const part of [parsed, parsed.inputs, parsed.inputs[2]!.categories, parsed.features[0]!.encoder]) {
    assert.ok(Object.isFrozen(part))
  }
  assert.ok(!Object.isFrozen(json) && !Object.isFrozen(json.inputs))
})

test('the input columns are told without their tables', () => {
  assert.deepEqual(inputColumns(spec), [
    { name: 'isFraud', kind: 'number', used: false, role: 'label' },
    { name: 'amount', kind: 'number', used: true, role: 'amount' },
    { name: 'merchant', kind: 'text', used: true },
  ])
})

test('changed content does not pass under the old hash', () => {
  const json = { ...JSON.parse(JSON.stringify(spec)), rows: 41 }
  assert.match(reasonOf(json), /its hash must be [0-9a-f]{64}, got [0-9a-f]{64}: the content was changed/)
})

test('a specification of the wrong shape is refused with the place', () => {
  for (const json of [null, undefined, 5, 'spec', [], {}]) assert.notEqual(reasonOf(json), 'accepted')
  assert.equal(reasonOf(changed('"rows":4004', '"rows":"4004"')), '/rows must be integer')
  assert.equal(reasonOf(changed('"version":1', '"version":2')), '/version must be equal to constant')
  assert.match(reasonOf(changed('"rows":4004', '"rows":4004,"script":"x"')), /^\/script/)
  assert.match(reasonOf(changed('"other":', '"other":null,"x":')), /^\/features\/2\/encoder/)
  assert.match(reasonOf(changed('"kind":"cents"', '"kind":"eval"')), /^\/features\/1\/encoder/)
  assert.match(reasonOf(changed('"m0"', '""')), /^\/inputs\/2\/categories/)
})

test('a specification that contradicts itself is refused', () => {
  assert.match(reasonOf(changed('"m0"', '"m1"')), /categories of "merchant" must differ, got "m1" twice/)
  assert.match(reasonOf(changed('"name":"amount_cents"', '"name":"amount"')), /features must differ/)
  assert.match(reasonOf(changed('"name":"isFraud"', '"name":"amount"')), /inputs must differ/)
  assert.match(
    reasonOf(changed('"input":"amount"', '"input":"isFraud"')),
    /"isFraud", which is no used input/,
  )
  assert.match(
    reasonOf(changed('"input":"amount"', '"input":"nothing"')),
    /"nothing", which is no used input/,
  )
  assert.match(
    reasonOf(changed('"kind":"cents"', '"kind":"category"')),
    /category does not suit a number column/,
  )
  assert.match(reasonOf(changed('"values":[', '"values":[0,')), /must have 1001 values, got 1002/)
  assert.match(
    reasonOf(
      changed(
        '"name":"isFraud","kind":"number","used":false',
        '"name":"isFraud","kind":"number","used":true',
      ),
    ),
    /is used, but no feature/,
  )
  assert.match(
    reasonOf(changed('"kind":"text","used":true', '"kind":"number","used":true')),
    /must have categories if/,
  )
})

test('names of Object do no harm', () => {
  assert.match(reasonOf(changed('"rows":4004', '"rows":4004,"__proto__":{"polluted":1}')), /__proto__/)
  assert.match(reasonOf(changed('"kind":"cents"', '"kind":"constructor"')), /^\/features\/1\/encoder/)
  assert.match(reasonOf(changed('"input":"amount"', '"input":"__proto__"')), /no used input/)
  const named = parseFeatureSpec(changed('"name":"amount_cents"', '"name":"__proto__"'))
  assert.equal(named.features[1]!.name, '__proto__')
  assert.equal(Object.hasOwn(Object.prototype, 'polluted'), false)
})
