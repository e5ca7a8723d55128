import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import test from 'node:test'
import { createTransactionId } from './create-transaction-id.ts'

const zeros = (size: number) => new Uint8Array(size)

test('holds its time, version and variant where RFC 9562 has them', () => {
  const bytes = Uint8Array.of(0x98, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f)
  const create = createTransactionId({ now: () => 0x017f22e279b0, randomBytes: () => bytes })
  assert.equal(create(), '017f22e2-79b0-74c0-98c4-dc0c0c07398f')
})

test('ids grow within a millisecond, over its end and when the clock goes back, and all differ', () => {
  let time = 1_800_000_000_000
  const create = createTransactionId({ now: () => time, randomBytes })
  const ids = Array.from({ length: 10_000 }, create)
  time -= 5000
  ids.push(...Array.from({ length: 10 }, create))
  time += 60_000
  ids.push(create())
  assert.deepEqual(ids, ids.toSorted())
  assert.equal(new Set(ids).size, ids.length)
  for (const id of ids) assert.match(id, /^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)
})

test('two factories of one time are told apart by chance alone', () => {
  const one = createTransactionId({ now: () => 1000, randomBytes: zeros })
  const other = createTransactionId({ now: () => 1000, randomBytes: zeros })
  assert.equal(one(), other())
  const random = createTransactionId({ now: () => 1000, randomBytes })
  assert.notEqual(one(), random())
})
