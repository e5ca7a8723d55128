import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { namesEtag, parseRange } from './byte-range.ts'

test('a range is the first and last position within the file', () => {
  assert.deepEqual(parseRange('bytes=0-0', 10), { start: 0, end: 0 })
  assert.deepEqual(parseRange('bytes=2-4', 10), { start: 2, end: 4 })
  assert.deepEqual(parseRange('Bytes=2-', 10), { start: 2, end: 9 })
  assert.deepEqual(parseRange(' bytes=2-99 ', 10), { start: 2, end: 9 })
  assert.deepEqual(parseRange('bytes=-3', 10), { start: 7, end: 9 })
  assert.deepEqual(parseRange('bytes=-99', 10), { start: 0, end: 9 })
})

test('what is no single range of bytes is the whole file', () => {
  const others = [
    undefined,
    '',
    'bytes',
    'bytes=',
    'bytes=-',
    'bytes=a-b',
    'bytes=1-2,4-5',
    'items=0-1',
    'bytes=4-2',
    'bytes=+1-2',
  ]
  for (const header of others) assert.equal(parseRange(header, 10), 'whole', header)
})

test('a range behind the end, and any part of an empty file, cannot be had', () => {
  for (const header of ['bytes=10-', 'bytes=10-20', 'bytes=-0', `bytes=${'9'.repeat(400)}-`]) {
    assert.equal(parseRange(header, 10), 'unsatisfiable', header)
  }
  for (const header of ['bytes=0-', 'bytes=-5']) assert.equal(parseRange(header, 0), 'unsatisfiable', header)
})

test('whatever the header says, a range lies within the file', () => {
  const numbers = fc.oneof(fc.constant(''), fc.nat(30).map(String), fc.bigInt({ min: 0n }).map(String))
  const headers = fc.tuple(numbers, numbers).map(([first, last]) => `bytes=${first}-${last}`)
  fc.assert(
    fc.property(headers, fc.nat(20), (header, size) => {
      const range = parseRange(header, size)
      if (typeof range === 'string') return
      assert.ok(0 <= range.start && range.start <= range.end && range.end < size, header)
    }),
  )
})

test('an ETag is named weakly, in a list, or with all others', () => {
  for (const header of ['"a"', 'W/"a"', '"b", "a"', '*', ' "a" ']) assert.ok(namesEtag(header, '"a"'), header)
  for (const header of [undefined, '', '"b"', 'a', '"ab"']) assert.ok(!namesEtag(header, '"a"'), header)
})
