import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRandom } from '../math/random.ts'
import { createCalendar, DAY, dayOf, driftAt, localHour } from './simulator-calendar.ts'
import { CATEGORIES, categoryIndex, daypartOf } from './simulator-categories.ts'
import { createCustomers } from './simulator-customers.ts'
import { CITIES, distanceKm, HOME_CITIES, shopPlace } from './simulator-geography.ts'
import { groupRows } from './simulator-groups.ts'
import { createMerchants, FEWEST_MERCHANTS } from './simulator-merchants.ts'

const START = Date.UTC(2025, 0, 1) / 1000

test('measures great circles', () => {
  const place = (name: string) => CITIES.find((city) => city.name === name)!
  const between = (a: string, b: string) =>
    distanceKm(place(a).latitude, place(a).longitude, place(b).latitude, place(b).longitude)
  assert.equal(between('Seoul', 'Seoul'), 0)
  assert.ok(Math.abs(between('Seoul', 'Busan') - 325) < 5)
  assert.ok(Math.abs(between('Seoul', 'Paris') - 8970) < 60)
  assert.ok(Math.abs(distanceKm(0, 0, 0, 180) - Math.PI * 6371) < 1e-6)
})

test('puts shops within nine kilometres of the middle of their city', () => {
  for (let merchant = 0; merchant < 200; merchant++) {
    const city = merchant % CITIES.length
    const { latitude, longitude } = shopPlace(merchant, city)
    assert.ok(distanceKm(latitude, longitude, CITIES[city]!.latitude, CITIES[city]!.longitude) < 9.5)
  }
})

test('knows seasons, weekends and local days', () => {
  const calendar = createCalendar({ start: START, drift: 'none' })
  const day = (month: number, date: number) => dayOf(calendar, Date.UTC(2025, month - 1, date, 3) / 1000)
  assert.equal(calendar.season[day(1, 15)], 0)
  assert.equal(calendar.season[day(3, 1)], 1)
  assert.equal(calendar.season[day(6, 20)], 2)
  assert.equal(calendar.season[dayOf(calendar, Date.UTC(2024, 10, 20) / 1000)], 3)
  assert.equal(calendar.weekend[day(3, 1)], 1)
  assert.equal(calendar.weekend[day(3, 3)], 0)
  assert.equal(localHour(START), 9)
  assert.equal(localHour(START + 15 * 3600 - 1), 23)
  assert.equal(localHour(START + 15 * 3600), 0)
  assert.deepEqual([0, 5, 6, 10, 11, 16, 17, 23].map(daypartOf), [0, 0, 1, 1, 2, 2, 3, 3])
})

test('drifts from the middle: at once, in a line, or never', () => {
  const at = (drift: 'none' | 'gradual' | 'sudden') => {
    const calendar = createCalendar({ start: START, drift })
    return [0, 89.99, 90, 135, 180].map((day) => driftAt(calendar, START + day * DAY))
  }
  assert.deepEqual(at('none'), [0, 0, 0, 0, 0])
  assert.deepEqual(at('sudden'), [0, 0, 1, 1, 1])
  assert.deepEqual(at('gradual'), [0, 0, 0, 0.5, 1])
})

test('gives customers homes in the country, plausible incomes and some a debit card', () => {
  const calendar = createCalendar({ start: START, drift: 'none' })
  const customers = createCustomers({ count: 3000, calendar, random: createRandom(1) })
  assert.ok(customers.homeCity.every((city) => city < HOME_CITIES))
  assert.ok(customers.income.every((income) => income > 300_000 && income < 40_000_000))
  const debit = customers.creditLimit.filter(Number.isNaN).length
  assert.ok(debit > 800 && debit < 1000, `${debit} debit cards`)
  const isNew = customers.opened.filter((opened) => opened >= calendar.warmStart).length
  assert.ok(isNew > 340 && isNew < 520, `${isNew} new customers`)
})

test('sells every category everywhere, however few merchants there are', () => {
  const merchants = createMerchants(FEWEST_MERCHANTS, createRandom(1))
  for (let city = 0; city < CITIES.length; city++) {
    for (const [c, { online }] of CATEGORIES.entries()) {
      if (online < 1) assert.ok(merchants.shops[city * CATEGORIES.length + c]!.length > 0)
      if (online > 0) assert.ok(merchants.online[c]!.length > 0)
    }
  }
  for (const list of [merchants.lenient, merchants.breached, merchants.cashOut]) {
    assert.ok(list.length >= 3)
    assert.equal(new Set(list).size, list.length)
  }
  assert.equal(merchants.shops[categoryIndex('utilities')]!.length, 0)
})

test('groups rows by key in their order', () => {
  const { offsets, rows } = groupRows(Int32Array.of(2, 0, 2, 2, 0), 4)
  assert.deepEqual([...offsets], [0, 2, 2, 5, 5])
  assert.deepEqual([...rows], [1, 4, 0, 2, 3])
})
