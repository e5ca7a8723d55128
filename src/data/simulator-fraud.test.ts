import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type SimulatedData, simulateTransactions } from './simulator.ts'
import { apportion } from './simulator-fraud.ts'
import { FRAUD_PATTERNS } from './simulator-patterns.ts'
import { columnOf } from './table.ts'

test('shares whole numbers out by the largest remainders', () => {
  assert.deepEqual(apportion(10, [1, 1, 1]), [4, 3, 3])
  assert.deepEqual(apportion(7, [5, 3, 2]), [4, 2, 1])
  assert.deepEqual(apportion(1, [0.2, 0.5, 0.3]), [0, 1, 0])
  assert.deepEqual(apportion(0, [1, 2]), [0, 0])
})

test('gives every pattern its share of the frauds', () => {
  const data = simulateTransactions({ rows: 50_000, seed: 1 })
  const counts = FRAUD_PATTERNS.map(
    (_, code) => data.patternCodes.filter((candidate) => candidate === code).length,
  )
  assert.deepEqual(counts, [110, 110, 110, 90, 80])
  assert.deepEqual(data.patterns, [
    'card_testing',
    'stolen_card_burst',
    'account_takeover',
    'compromised_merchant',
    'slow_high_amount',
  ])
})

test('leaves the marks of each pattern, and each of them is also found among honest payments', () => {
  const data = simulateTransactions({ rows: 50_000, seed: 1 })
  const column = (name: string) => valuesOf(data, name)
  const marks: Readonly<Record<string, (row: number) => boolean>> = {
    card_testing: (row) => column('amount')[row]! < 4000 && column('count_1h')[row]! > 0,
    stolen_card_burst: (row) =>
      column('distance_from_home_km')[row]! > 50 && column('amount')[row]! > 100_000,
    account_takeover: (row) => column('device_age_days')[row]! < 1,
    compromised_merchant: (row) => column('merchant_fraud_rate')[row]! > 0.02,
    slow_high_amount: (row) => column('amount_over_mean')[row]! > 2.5,
  }
  const honest = rowsOf(data, -1)
  for (const [code, name] of data.patterns.entries()) {
    const frauds = rowsOf(data, code)
    const caught = frauds.filter(marks[name]!).length / frauds.length
    const disturbed = honest.filter(marks[name]!).length
    assert.ok(caught > 0.4 && caught < 0.99, `${name}: ${caught}`)
    assert.ok(disturbed > 100, `${name}: ${disturbed} honest payments`)
    assert.ok(caught > (4 * disturbed) / honest.length, `${name}: ${disturbed} honest payments`)
  }
})

test('spreads a slow fraud over weeks and a burst over hours', () => {
  const data = simulateTransactions({ rows: 50_000, seed: 1 })
  const gaps = (pattern: string) => {
    const rows = rowsOf(data, data.patterns.indexOf(pattern))
    const last = new Map<number, number>()
    const found = rows.flatMap((row) => {
      const card = valuesOf(data, 'customer_id')[row]!
      const time = valuesOf(data, 'transaction_time')[row]!
      const gap = time - (last.get(card) ?? Number.NaN)
      last.set(card, time)
      return Number.isNaN(gap) ? [] : [gap / 86_400]
    })
    return found.sort((a, b) => a - b)[Math.floor(found.length / 2)]!
  }
  assert.ok(gaps('card_testing') < 0.02)
  assert.ok(gaps('stolen_card_burst') < 0.1)
  assert.ok(gaps('slow_high_amount') > 4)
})

function valuesOf({ table }: SimulatedData, name: string): Float64Array | Int32Array {
  const column = columnOf(table, name)
  return column.kind === 'text' ? column.codes : column.values
}

function rowsOf({ patternCodes }: SimulatedData, code: number): number[] {
  return [...patternCodes.keys()].filter((row) => patternCodes[row] === code)
}
