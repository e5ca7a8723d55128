import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EventLog, type PaymentEvent } from './simulator-events.ts'

test('hands payments out by time, equal times as they came, and grows when full', () => {
  const log = new EventLog(2)
  const times = Array.from({ length: 5000 }, (_, i) => 1_700_000_000 + ((i * 7919) % 1000))
  times.forEach((time, i) => {
    log.push(event({ time, customer: i }))
  })
  const events = log.byTime()
  const expected = [...times.keys()].sort((a, b) => times[a]! - times[b]! || a - b)
  assert.equal(events.count, 5000)
  assert.deepEqual([...events.customer], expected)
  assert.deepEqual(
    [...events.time],
    expected.map((i) => times[i]),
  )
  assert.deepEqual([events.city[0], events.amount[0], events.device[0], events.pattern[0]], [-1, 1200, 7, 3])
})

test('counts payments from a time up to, not with, another', () => {
  const log = new EventLog(4)
  for (const time of [10, 20, 20, 30]) log.push(event({ time, customer: 0 }))
  assert.equal(log.countWithin(10, 30), 3)
  assert.equal(log.countWithin(11, 31), 3)
  assert.equal(log.countWithin(31, 99), 0)
})

function event(given: { time: number; customer: number }): PaymentEvent {
  const rest = { merchant: 1, city: -1, amount: 1200, channel: 3, auth: 2 }
  return { ...given, ...rest, device: 7, deviceType: 1, pattern: 3 }
}
