import type { Random } from '../math/random.ts'
import { DAY } from './simulator-calendar.ts'
import { categoryIndex } from './simulator-categories.ts'
import { TRIPS_PER_CUSTOMER } from './simulator-customers.ts'
import { type EventLog, LEGITIMATE, NO_CITY } from './simulator-events.ts'
import { HOME_CITIES } from './simulator-geography.ts'
import { buyAsUsual, payAsUsual, type StrangeDevices } from './simulator-habits.ts'
import { pickMerchant, usualAmount, type World } from './simulator-purchase.ts'
import { choose, wholeBetween } from './simulator-sampling.ts'
import { SEGMENT_HOURS, SEGMENTS } from './simulator-segments.ts'

/**
 * Lets customers pay until `rows` legitimate payments lie within the table's period, and as densely
 * in the days before it. People pay in outings: one purchase, or several within an hour or two.
 * Cost O(rows).
 */
export function spendLegitimately(input: {
  world: World
  rows: number
  log: EventLog
  strangeDevices: StrangeDevices
  random: Random
}): void {
  const { world, log, strangeDevices, random } = input
  const { warmStart, start, end } = world.calendar
  let left = input.rows
  while (left > 0) {
    const outing = planOuting(world, random)
    const isPlay = random.next() < 0.012 * SEGMENTS[world.customers.segment[outing.customer]!]!.online
    const merchant = isPlay ? pickGame(world, outing.customer, random) : undefined
    const purchases = isPlay ? wholeBetween(2, 7, random) : outingLength(random)
    let { time } = outing
    for (let k = 0; k < purchases && left > 0; k++) {
      if (time >= Math.max(warmStart, world.customers.opened[outing.customer]!) && time < end) {
        const payment = { world, ...outing, time, strangeDevices, random }
        const event = merchant === undefined ? buyAsUsual(payment) : playOn({ ...payment, merchant })
        log.push({ ...event, pattern: LEGITIMATE })
        if (time >= start) left--
      }
      time += isPlay ? wholeBetween(20, 900, random) : wholeBetween(180, 4800, random)
    }
  }
}

const GAMING = categoryIndex('gaming')
const DIGITAL_GOODS = categoryIndex('digital_goods')

function planOuting(world: World, random: Random) {
  const { calendar, customers } = world
  const customer = choose(customers.activity, random)
  const day = choose(calendar.days, random)
  const hour = choose(SEGMENT_HOURS[customers.segment[customer]!]!, random)
  return {
    customer,
    time: calendar.firstMidnight + day * DAY + hour * 3600 + random.int(3600),
    city: whereabouts(world, { customer, day }, random),
  }
}

function outingLength(random: Random): number {
  const draw = random.next()
  if (draw < 0.66) return 1
  return draw < 0.88 ? 2 : wholeBetween(3, 5, random)
}

/** The city of the trip that the day falls into; else home, or now and then a day elsewhere in the country. */
function whereabouts(world: World, when: { customer: number; day: number }, random: Random): number {
  const { homeCity, tripDay, tripDays, tripCity } = world.customers
  const first = TRIPS_PER_CUSTOMER * when.customer
  for (let k = first; k < first + TRIPS_PER_CUSTOMER; k++) {
    const into = when.day - tripDay[k]!
    if (into >= 0 && into < tripDays[k]!) return tripCity[k]!
  }
  return random.next() < 0.08 ? random.int(HOME_CITIES) : homeCity[when.customer]!
}

/** Small purchases inside one game or app, minutes apart: what card testing looks like from afar. */
function playOn(input: {
  world: World
  customer: number
  merchant: number
  time: number
  strangeDevices: StrangeDevices
  random: Random
}) {
  return payAsUsual({ ...input, city: NO_CITY, price: 0.6 * usualAmount(input.world, input, input.random) })
}

function pickGame(world: World, customer: number, random: Random): number {
  const category = random.next() < 0.6 ? GAMING : DIGITAL_GOODS
  return pickMerchant(world, { customer, category, city: NO_CITY }, random)
}
