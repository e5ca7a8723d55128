import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRandom } from '../math/random.ts'
import { createWorld, simulateEvents, simulateTransactions } from './simulator.ts'
import { DAY } from './simulator-calendar.ts'
import { type Counters, countCards } from './simulator-counters.ts'
import { type Events, NO_CITY, NO_DEVICE } from './simulator-events.ts'
import { distanceKm, shopPlace } from './simulator-geography.ts'
import type { World } from './simulator-purchase.ts'
import { columnOf } from './table.ts'

const HOUR = 3600

test('counts what a slow reading of all earlier rows counts', () => {
  const seen = { missing: new Set<string>(), known: new Set<string>() }
  for (const seed of [1, 2, 3]) {
    const { world, events } = smallWorld(seed)
    const { customers, merchants } = world
    const counters = countCards({ events, customers, merchantCount: merchants.count })
    for (let row = 0; row < events.count; row++) {
      const slow = countSlowly(world, events, row)
      for (const name of Object.keys(slow) as (keyof Counters)[]) {
        assert.equal(counters[name][row], slow[name], `seed ${seed}, row ${row}, ${name}`)
        seen[Number.isNaN(slow[name]) ? 'missing' : 'known'].add(name)
      }
    }
  }
  assert.equal(seen.known.size, 14)
  assert.deepEqual([...seen.missing].sort(), [
    'amountOverMean',
    'deviceAgeDays',
    'distanceFromHome',
    'distanceFromLast',
    'isNewDevice',
    'limitUse',
    'minutesSinceLast',
  ])
})

test('puts counters into the table that can be read off the table itself', () => {
  const { table } = simulateTransactions({ rows: 4000, seed: 9 })
  const values = (name: string) => {
    const column = columnOf(table, name)
    return column.kind === 'text' ? column.codes : column.values
  }
  const [time, customer, merchant, amount] = [
    values('transaction_time'),
    values('customer_id'),
    values('merchant_id'),
    values('amount'),
  ]
  const start = Date.UTC(2025, 0, 1) / 1000
  for (let row = 0; row < table.rowCount; row++) {
    const age = time[row]! - start
    const past = range(row).filter((i) => customer[i] === customer[row])
    const within = (seconds: number) => past.filter((i) => time[i]! > time[row]! - seconds)
    const total = (rows: number[]) => rows.reduce((sum, i) => sum + amount[i]!, 0)
    if (age < 7 * DAY) continue
    assert.equal(values('count_1h')[row], within(HOUR).length)
    assert.equal(values('count_24h')[row], within(DAY).length)
    assert.equal(values('count_7d')[row], within(7 * DAY).length)
    assert.equal(values('amount_1h')[row], total(within(HOUR)))
    assert.equal(values('amount_24h')[row], total(within(DAY)))
    assert.equal(values('amount_7d')[row], total(within(7 * DAY)))
    if (age < 60 * DAY) continue
    const isNew = !within(60 * DAY).some((i) => merchant[i] === merchant[row])
    assert.equal(values('is_new_merchant')[row], isNew ? 1 : 0)
  }
})

/** A world of a few cards with all its payments, warm-up included. */
function smallWorld(seed: number): { world: World; events: Events } {
  const random = createRandom(seed)
  const start = Date.UTC(2025, 0, 1) / 1000
  const world = createWorld({ rows: 900, start, drift: 'none', random })
  return { world, events: simulateEvents({ world, rows: 900, random }) }
}

/** Every counter of one row by its definition. */
function countSlowly({ customers }: World, events: Events, row: number): Record<keyof Counters, number> {
  const { time, amount, merchant, city, device } = events
  const now = time[row]!
  const card = events.customer[row]!
  const past = range(row).filter((i) => events.customer[i] === card)
  const within = (seconds: number) => past.filter((i) => time[i]! > now - seconds)
  const total = (rows: number[]) => rows.reduce((sum, i) => sum + amount[i]!, 0)
  const season = within(60 * DAY)
  const last = past.at(-1)
  const isAtShop = city[row] !== NO_CITY
  const lastAtShop = past.findLast((i) => city[i] !== NO_CITY)
  const here = isAtShop ? shopPlace(merchant[row]!, city[row]!) : undefined
  const before = lastAtShop === undefined ? undefined : shopPlace(merchant[lastAtShop]!, city[lastAtShop]!)
  const home = { latitude: customers.homeLatitude[card]!, longitude: customers.homeLongitude[card]! }
  const firstUse = past.find((i) => device[i] === device[row])
  const known =
    device[row]! < 2
      ? customers.deviceSince[2 * card + device[row]!]
      : firstUse === undefined
        ? undefined
        : time[firstUse]
  const hasDevice = device[row] !== NO_DEVICE
  return {
    count1h: within(HOUR).length,
    count24h: within(DAY).length,
    count7d: within(7 * DAY).length,
    amount1h: total(within(HOUR)),
    amount24h: total(within(DAY)),
    amount7d: total(within(7 * DAY)),
    limitUse: total(within(30 * DAY)) / customers.creditLimit[card]!,
    amountOverMean: season.length < 3 ? Number.NaN : amount[row]! / (total(season) / season.length),
    minutesSinceLast: last === undefined ? Number.NaN : (now - time[last]!) / 60,
    distanceFromHome: here ? distance(here, home) : Number.NaN,
    distanceFromLast: here && before ? distance(here, before) : Number.NaN,
    isNewMerchant: past.some((i) => merchant[i] === merchant[row] && now - time[i]! < 60 * DAY) ? 0 : 1,
    isNewDevice: hasDevice ? Number(known === undefined) : Number.NaN,
    deviceAgeDays: hasDevice ? (known === undefined ? 0 : (now - known) / DAY) : Number.NaN,
  }
}

function distance(
  a: { latitude: number; longitude: number },
  b: { latitude: number; longitude: number },
): number {
  return distanceKm(a.latitude, a.longitude, b.latitude, b.longitude)
}

function range(end: number): number[] {
  return Array.from({ length: end }, (_, i) => i)
}
