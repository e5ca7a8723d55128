import assert from 'node:assert/strict'
import { test } from 'node:test'
import { simulateTransactions } from './simulator.ts'
import { SIMULATED_COLUMNS } from './simulator-columns.ts'
import { type Column, columnOf } from './table.ts'

const { table } = simulateTransactions({ rows: 20_000, seed: 1 })

test('misses values where the columns say so, and nowhere else', () => {
  for (const { name, missing } of SIMULATED_COLUMNS) {
    assert.equal(missingRows(columnOf(table, name)).length > 0, missing !== '', name)
  }
})

test('misses values at the rates of the description', () => {
  const share = (name: string) => missingRows(columnOf(table, name)).length / table.rowCount
  const near = (name: string, expected: number, tolerance: number) =>
    assert.ok(Math.abs(share(name) - expected) < tolerance, `${name}: ${share(name)}`)
  near('auth_method', 0.02, 0.004)
  near('merchant_country', 0.01, 0.003)
  near('credit_limit', 0.3, 0.08)
  near('declared_income', 0.14, 0.06)
  assert.ok(share('minutes_since_last') < 0.01)
  assert.ok(share('merchant_fraud_rate') < 0.05)
})

test('has a place where the card was present and a device where it was not', () => {
  const channel = columnOf(table, 'channel')
  assert.ok(channel.kind === 'text')
  const isOnline = Array.from(channel.codes, (code) => channel.categories[code] === 'online')
  const online = isOnline.filter(Boolean).length
  const lost = (name: string) => new Set(missingRows(columnOf(table, name)))
  const [city, home, device] = [lost('merchant_city'), lost('distance_from_home_km'), lost('device_age_days')]
  isOnline.forEach((online, row) => {
    if (online) assert.ok(city.has(row) && home.has(row))
    else assert.ok(device.has(row))
    assert.equal(city.has(row), home.has(row))
  })
  const lostPlaces = (city.size - online) / (table.rowCount - online)
  assert.ok(Math.abs(lostPlaces - 0.03) < 0.006, `${lostPlaces}`)
  const hiddenDevices = 1 - (table.rowCount - device.size) / online
  assert.ok(Math.abs(hiddenDevices - 0.04) < 0.01, `${hiddenDevices}`)
})

function missingRows(column: Column): number[] {
  const isMissing = (row: number) =>
    column.kind === 'text' ? column.codes[row] === -1 : Number.isNaN(column.values[row])
  return Array.from({ length: table.rowCount }, (_, row) => row).filter(isMissing)
}
