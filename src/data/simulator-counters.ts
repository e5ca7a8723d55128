import { DAY } from './simulator-calendar.ts'
import type { Customers } from './simulator-customers.ts'
import { type Events, NO_CITY, NO_DEVICE } from './simulator-events.ts'
import { distanceKm, shopPlace } from './simulator-geography.ts'
import { type Groups, groupRows } from './simulator-groups.ts'

/**
 * What an issuer knows of a card when a payment arrives, from the payments before it alone: the rows of the
 * same card that stand earlier in the table's order. NaN where there is nothing to know.
 */
export interface Counters {
  /** Payments and KRW in the last hour, day, week: those with time > now − window. */
  readonly count1h: Float64Array
  readonly count24h: Float64Array
  readonly count7d: Float64Array
  readonly amount1h: Float64Array
  readonly amount24h: Float64Array
  readonly amount7d: Float64Array
  /** KRW in the last 30 days over the credit limit. */
  readonly limitUse: Float64Array
  /** This amount over the mean of the last 60 days, from three payments on. */
  readonly amountOverMean: Float64Array
  readonly minutesSinceLast: Float64Array
  readonly distanceFromHome: Float64Array
  readonly distanceFromLast: Float64Array
  readonly isNewMerchant: Float64Array
  readonly isNewDevice: Float64Array
  readonly deviceAgeDays: Float64Array
}

/** Days after which a merchant counts as new again. */
export const MERCHANT_MEMORY_DAYS = 60

/** Computes every counter of payments in time order. Cost O(rows × windows). */
export function countCards(input: { events: Events; customers: Customers; merchantCount: number }): Counters {
  const { events, customers, merchantCount } = input
  const cards = groupRows(events.customer, customers.count)
  const hour = trailing(events, cards, 3600)
  const day = trailing(events, cards, DAY)
  const week = trailing(events, cards, 7 * DAY)
  const month = trailing(events, cards, 30 * DAY)
  const season = trailing(events, cards, 60 * DAY)
  return {
    count1h: hour.count,
    count24h: day.count,
    count7d: week.count,
    amount1h: hour.amount,
    amount24h: day.amount,
    amount7d: week.amount,
    limitUse: month.amount.map((sum, row) => sum / customers.creditLimit[events.customer[row]!]!),
    amountOverMean: season.count.map((count, row) =>
      count < 3 ? Number.NaN : events.amount[row]! / (season.amount[row]! / count),
    ),
    minutesSinceLast: sinceLast(events, cards),
    ...distances(events, cards, customers),
    isNewMerchant: newMerchants(events, cards, merchantCount),
    ...deviceAges(events, cards, customers),
  }
}

/** Count and sum of a card's earlier payments with time > now − seconds. Whole numbers, so sums are exact. */
function trailing(events: Events, cards: Groups, seconds: number) {
  const { time, amount: amounts } = events
  const { offsets, rows } = cards
  const count = new Float64Array(events.count)
  const amount = new Float64Array(events.count)
  for (let card = 0; card + 1 < offsets.length; card++) {
    let oldest = offsets[card]!
    let sum = 0
    for (let i = oldest; i < offsets[card + 1]!; i++) {
      const row = rows[i]!
      const border = time[row]! - seconds
      for (; time[rows[oldest]!]! <= border; oldest++) sum -= amounts[rows[oldest]!]!
      count[row] = i - oldest
      amount[row] = sum
      sum += amounts[row]!
    }
  }
  return { count, amount }
}

function sinceLast(events: Events, cards: Groups): Float64Array {
  const minutes = new Float64Array(events.count).fill(Number.NaN)
  const { offsets, rows } = cards
  for (let card = 0; card + 1 < offsets.length; card++) {
    for (let i = offsets[card]! + 1; i < offsets[card + 1]!; i++) {
      minutes[rows[i]!] = (events.time[rows[i]!]! - events.time[rows[i - 1]!]!) / 60
    }
  }
  return minutes
}

/** Kilometres of a shop from home, and from the shop where the card was present before. */
function distances(events: Events, cards: Groups, customers: Customers) {
  const distanceFromHome = new Float64Array(events.count).fill(Number.NaN)
  const distanceFromLast = new Float64Array(events.count).fill(Number.NaN)
  const { offsets, rows } = cards
  for (let card = 0; card + 1 < offsets.length; card++) {
    let last: { latitude: number; longitude: number } | undefined
    for (let i = offsets[card]!; i < offsets[card + 1]!; i++) {
      const row = rows[i]!
      if (events.city[row] === NO_CITY) continue
      const here = shopPlace(events.merchant[row]!, events.city[row]!)
      distanceFromHome[row] = distanceKm(
        here.latitude,
        here.longitude,
        customers.homeLatitude[card]!,
        customers.homeLongitude[card]!,
      )
      if (last)
        distanceFromLast[row] = distanceKm(here.latitude, here.longitude, last.latitude, last.longitude)
      last = here
    }
  }
  return { distanceFromHome, distanceFromLast }
}

/** 1 where the card has not paid this merchant in the last 60 days. */
function newMerchants(events: Events, cards: Groups, merchantCount: number): Float64Array {
  const isNew = new Float64Array(events.count)
  const lastCard = new Int32Array(merchantCount).fill(-1)
  const lastTime = new Float64Array(merchantCount)
  const { offsets, rows } = cards
  for (let card = 0; card + 1 < offsets.length; card++) {
    for (let i = offsets[card]!; i < offsets[card + 1]!; i++) {
      const row = rows[i]!
      const merchant = events.merchant[row]!
      const since = events.time[row]! - lastTime[merchant]!
      isNew[row] = lastCard[merchant] === card && since < MERCHANT_MEMORY_DAYS * DAY ? 0 : 1
      lastCard[merchant] = card
      lastTime[merchant] = events.time[row]!
    }
  }
  return isNew
}

/** First time a device is seen with a card, and days since; the own devices of old were seen before the beginning. */
function deviceAges(events: Events, cards: Groups, customers: Customers) {
  const isNewDevice = new Float64Array(events.count).fill(Number.NaN)
  const deviceAgeDays = new Float64Array(events.count).fill(Number.NaN)
  const { offsets, rows } = cards
  const firstSeen = new Map<number, number>()
  for (let card = 0; card + 1 < offsets.length; card++) {
    firstSeen.clear()
    for (let own = 0; own < 2; own++) firstSeen.set(own, customers.deviceSince[2 * card + own]!)
    for (let i = offsets[card]!; i < offsets[card + 1]!; i++) {
      const row = rows[i]!
      const device = events.device[row]!
      if (device === NO_DEVICE) continue
      const since = firstSeen.get(device)
      if (since === undefined) firstSeen.set(device, events.time[row]!)
      isNewDevice[row] = since === undefined ? 1 : 0
      deviceAgeDays[row] = since === undefined ? 0 : (events.time[row]! - since) / DAY
    }
  }
  return { isNewDevice, deviceAgeDays }
}
