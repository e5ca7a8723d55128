import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRandom } from '../math/random.ts'
import { createWorld, simulateEvents, simulateTransactions } from './simulator.ts'
import { DAY } from './simulator-calendar.ts'
import { drawLabelTimes, merchantRisk } from './simulator-labels.ts'
import { columnOf } from './table.ts'

const START = Date.UTC(2025, 0, 1) / 1000

test('rates merchants by nothing but the labels that have arrived', () => {
  const arrived = { some: 0, none: 0, missing: 0 }
  for (const seed of [1, 2, 3]) {
    const { world, events, labelTimes } = smallWorld(seed)
    const risk = merchantRisk({ events, labelTimes, merchantCount: world.merchants.count })
    for (let row = 0; row < events.count; row++) {
      const now = events.time[row]!
      const own = rowsWhere(events.count, (i) => events.merchant[i] === events.merchant[row])
      const recent = own.filter((i) => i < row && events.time[i]! > now - 60 * DAY).length
      const chargebacks = own.filter(
        (i) => events.pattern[i] !== -1 && labelTimes[i]! <= now && labelTimes[i]! > now - 60 * DAY,
      ).length
      const expected = recent === 0 ? Number.NaN : (chargebacks + 0.2) / (recent + 20)
      assert.ok(
        Object.is(risk[row], expected) || Math.abs(risk[row]! - expected) < 1e-15,
        `seed ${seed}, row ${row}: ${risk[row]} instead of ${expected}`,
      )
      arrived[recent === 0 ? 'missing' : chargebacks > 0 ? 'some' : 'none']++
    }
  }
  assert.ok(
    Object.values(arrived).every((count) => count > 20),
    JSON.stringify(arrived),
  )
})

test('does not change a rate when a label that has not arrived is turned', () => {
  const { world, events, labelTimes } = smallWorld(4)
  const merchantCount = world.merchants.count
  const now = START + 90 * DAY
  const hidden = events.pattern.map((code, i) => (labelTimes[i]! > now ? -1 : code))
  const before = merchantRisk({ events, labelTimes, merchantCount })
  const after = merchantRisk({ events: { ...events, pattern: hidden }, labelTimes, merchantCount })
  const early = events.time.filter((time) => time <= now).length
  assert.deepEqual(after.subarray(0, early), before.subarray(0, early))
  assert.notDeepEqual(after, before)
})

test('puts a rate into the table that can be read off the table and its label times', () => {
  const { table, labelTimes } = simulateTransactions({ rows: 6000, seed: 11 })
  const values = (name: string) => {
    const column = columnOf(table, name)
    return column.kind === 'text' ? column.codes : column.values
  }
  const [time, merchant, label, rate] = [
    values('transaction_time'),
    values('merchant_id'),
    values('isFraud'),
    values('merchant_fraud_rate'),
  ]
  // from day 120 on, every payment whose chargeback can count lies in the table
  const late = rowsWhere(table.rowCount, (i) => time[i]! >= START + 120 * DAY)
  for (const row of late) {
    const own = rowsWhere(row, (i) => merchant[i] === merchant[row])
    const recent = own.filter((i) => time[i]! > time[row]! - 60 * DAY).length
    const chargebacks = own.filter(
      (i) => label[i] === 1 && labelTimes[i]! <= time[row]! && labelTimes[i]! > time[row]! - 60 * DAY,
    ).length
    if (recent === 0) assert.ok(Number.isNaN(rate[row]!))
    else assert.ok(Math.abs(rate[row]! - (chargebacks + 0.2) / (recent + 20)) < 1e-5)
  }
  assert.ok(late.length > 1500)
})

function smallWorld(seed: number) {
  const random = createRandom(seed)
  const world = createWorld({ rows: 1500, start: START, drift: 'none', random })
  const events = simulateEvents({ world, rows: 1500, random })
  return { world, events, labelTimes: drawLabelTimes(events, random.fork('labels')) }
}

function rowsWhere(count: number, isWanted: (row: number) => boolean): number[] {
  return Array.from({ length: count }, (_, i) => i).filter(isWanted)
}
