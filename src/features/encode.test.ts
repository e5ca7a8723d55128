import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { compileEncoder } from './encode.ts'
import type { Encoder } from './feature-spec.ts'

const encode = (kind: 'number' | 'cents' | 'hour' | 'weekday' | 'day' | 'category', value: number): number =>
  compileEncoder({ kind })(value)

test('numbers pass; what float32 cannot hold is missing', () => {
  assert.equal(encode('number', 0.1), 0.1)
  assert.ok(Object.is(encode('number', -0), 0))
  assert.equal(encode('number', 3.4028234663852886e38), 3.4028234663852886e38)
  for (const value of [Infinity, -Infinity, 1e39, -1e300, NaN]) assert.equal(encode('number', value), NaN)
})

test('cents are the hundredths of the fractional part, of refunds too', () => {
  const cents = [19.99, -19.99, 5, 0.01, 1234.5, 0.999, 33.333333].map((value) => encode('cents', value))
  assert.deepEqual(cents, [99, 99, 0, 1, 50, 0, 33])
  assert.equal(encode('cents', Infinity), NaN)
})

test('hour, weekday and day are those of Date in UTC, before 1970 too', () => {
  fc.assert(
    fc.property(fc.date({ noInvalidDate: true }), (date) => {
      const seconds = date.getTime() / 1000
      assert.equal(encode('hour', seconds), date.getUTCHours())
      assert.equal(encode('weekday', seconds), (date.getUTCDay() + 6) % 7)
      assert.equal(encode('day', seconds), date.getUTCDate())
    }),
    { seed: 2, numRuns: 2000 },
  )
})

test('seconds since another origin have an hour and a weekday within bounds', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, min: -3e38, max: 3e38 }), (seconds) => {
      const hour = encode('hour', seconds)
      const weekday = encode('weekday', seconds)
      assert.ok(Number.isInteger(hour) && hour >= 0 && hour <= 23, String(hour))
      assert.ok(Number.isInteger(weekday) && weekday >= 0 && weekday <= 6, String(weekday))
    }),
    { seed: 3, numRuns: 2000 },
  )
})

test('shares are looked up by code, and the code after the last has the value for every other category', () => {
  const encoder: Encoder = { kind: 'target', values: [0.5, 0.25], other: 0.125 }
  assert.deepEqual([0, 1, 2, NaN].map(compileEncoder(encoder)), [0.5, 0.25, 0.125, NaN])
})
