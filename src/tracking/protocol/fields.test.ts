import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { FdsError } from '../../errors.ts'
import {
  decodeMessage,
  double,
  encodeMessage,
  flag,
  integer,
  listOf,
  message,
  oneOf,
  required,
  text,
  wireName,
} from './fields.ts'

const shape = {
  runId: required(text, 'run_uuid'),
  count: integer,
  value: double,
  isNew: flag,
  status: oneOf(['RUNNING', 'FINISHED']),
  tags: listOf(message({ key: required(text), value: text })),
}
const decode = (json: Record<string, unknown>) => decodeMessage(shape, { run_id: 'r', ...json })
const refusalOf = (json: Record<string, unknown>): string => {
  try {
    decodeMessage(shape, json)
  } catch (error) {
    assert.ok(error instanceof FdsError && error.code === 'TRACKING_REFUSED', String(error))
    return error.message
  }
  throw new Error('was not refused')
}

test('names on the wire are in snake case', () => {
  assert.equal(wireName('creationTimestampMs'), 'creation_timestamp_ms')
})

test('unknown fields and fields that are null are ignored, lists that are absent are empty', () => {
  assert.deepEqual(decode({ other: 1, count: null }), { runId: 'r', tags: [] })
})

test('a required field is read under its second name and sent under both', () => {
  assert.equal(decodeMessage(shape, { run_uuid: 'u' }).runId, 'u')
  assert.deepEqual(encodeMessage(shape, { runId: 'u', tags: [] }), { run_id: 'u', run_uuid: 'u' })
})

test('integers come as numbers or texts, doubles also by the names of what JSON lacks', () => {
  assert.equal(decode({ count: '12' }).count, 12)
  assert.equal(decode({ count: -3 }).count, -3)
  assert.equal(decode({ value: '1.5e3' }).value, 1500)
  assert.deepEqual(
    ['NaN', 'Infinity', '-Infinity', 'nan', '-inf'].map((value) => decode({ value }).value),
    [Number.NaN, Infinity, -Infinity, Number.NaN, -Infinity],
  )
})

test('names of a choice may come as their number from 1', () => {
  assert.equal(decode({ status: 2 }).status, 'FINISHED')
  assert.equal(decode({ status: '1' }).status, 'RUNNING')
  assert.match(refusalOf({ run_id: 'r', status: 'LOST' }), /Invalid value "LOST" for parameter 'status'/)
  assert.match(refusalOf({ run_id: 'r', status: 3 }), /Invalid value 3 for parameter 'status'/)
})

test('what does not fit is refused in the words of MLflow', () => {
  assert.match(refusalOf({}), /^Missing value for required parameter 'run_id'\. See the API docs/)
  assert.match(refusalOf({ run_id: '' }), /^Missing value for required parameter 'run_id'/)
  assert.match(refusalOf({ run_id: 31 }), /^Invalid value 31 for parameter 'run_id' supplied: .*type 'int'/)
  assert.match(refusalOf({ run_id: 'r', tags: '5' }), /^Invalid value "5" for parameter 'tags' supplied/)
  assert.match(
    refusalOf({ run_id: 'r', tags: [{}] }),
    /^Missing value for required parameter 'tags\[0\]\.key'/,
  )
  assert.match(refusalOf({ run_id: 'r', value: true }), /^Invalid value true for parameter 'value'/)
})

test('integers beyond 2^53 are refused rather than rounded', () => {
  assert.match(refusalOf({ run_id: 'r', count: 2 ** 53 }), /for parameter 'count'/)
  assert.match(refusalOf({ run_id: 'r', count: 1.5 }), /for parameter 'count'/)
})

test('texts with NUL, which not every database can keep, are refused', () => {
  assert.match(refusalOf({ run_id: 'a\0b' }), /for parameter 'run_id'/)
})

test('a value nested too deeply to print is refused like another', () => {
  let deep: unknown = 1
  for (let level = 0; level < 100_000; level++) deep = [deep]
  assert.match(refusalOf({ run_id: deep }), /for parameter 'run_id'/)
})

test('what is encoded is decoded to the same', () => {
  const clean = (value: string) => !value.includes('\0')
  const plain = { noNullPrototype: true }
  const tag = fc.record({ key: fc.constant('k'), value: fc.string().filter(clean) }, plain)
  const values = fc.record(
    {
      runId: fc.string({ minLength: 1 }).filter(clean),
      count: fc.maxSafeInteger(),
      value: fc.double(),
      isNew: fc.boolean(),
      status: fc.constantFrom('RUNNING' as const, 'FINISHED' as const),
      tags: fc.array(tag),
    },
    plain,
  )
  fc.assert(
    fc.property(values, (value) => {
      const wire = JSON.parse(JSON.stringify(encodeMessage(shape, value))) as Record<string, unknown>
      // JSON writes -0 as 0
      const expected = { ...value, value: value.value === 0 ? 0 : value.value }
      assert.deepEqual(decodeMessage(shape, wire), expected)
    }),
  )
})
