import type { Random } from '../math/random.ts'
import { dayOf, driftAt, localHour } from './simulator-calendar.ts'
import { CATEGORIES, daypartOf } from './simulator-categories.ts'
import { NO_CITY, NO_DEVICE } from './simulator-events.ts'
import {
  authMethod,
  ONLINE,
  ownDevice,
  pickMerchant,
  roundAmount,
  shopChannel,
  strangeDevice,
  usualAmount,
  type World,
} from './simulator-purchase.ts'
import { between, choose } from './simulator-sampling.ts'
import { categoryChoice, SEGMENTS } from './simulator-segments.ts'

/** Numbers for devices that are nobody's own, so that each is told from all others. */
export interface StrangeDevices {
  next: number
}

/** One purchase as this customer makes them: category by time and taste, a preferred merchant, a usual price. */
export function buyAsUsual(input: {
  world: World
  customer: number
  time: number
  city: number
  strangeDevices: StrangeDevices
  random: Random
}) {
  const { world, customer, time, random } = input
  const { category, city } = chooseGoods(input)
  const merchant = pickMerchant(world, { customer, category, city }, random)
  // birthdays, furniture, a hospital bill: large amounts are mostly legitimate
  const occasion = random.next() < 0.015 ? between(2.5, 9, random) : 1
  const price = usualAmount(world, { customer, merchant, time }, random) * occasion
  return payAsUsual({ ...input, merchant, city, price })
}

/** Pays `price` at the merchant with the own card and mostly the own device. */
export function payAsUsual(input: {
  world: World
  customer: number
  time: number
  merchant: number
  city: number
  price: number
  strangeDevices: StrangeDevices
  random: Random
}) {
  const { world, customer, time, merchant, city, random } = input
  const category = world.merchants.category[merchant]!
  const amount = roundAmount(input.price, category)
  const channel = city === NO_CITY ? ONLINE : shopChannel(amount, category, random)
  const auth = authMethod(channel, random)
  const device = channel === ONLINE ? onlineDevice(input) : { device: NO_DEVICE, deviceType: NO_DEVICE }
  return { time, customer, merchant, city, amount, channel, auth, ...device }
}

/** What is bought now, and whether online. Full drift moves half of the shop purchases that can move online. */
function chooseGoods(input: { world: World; customer: number; time: number; city: number; random: Random }) {
  const { world, customer, time, city, random } = input
  const { calendar, customers } = world
  const segment = customers.segment[customer]!
  const day = dayOf(calendar, time)
  const choice = categoryChoice(segment, {
    season: calendar.season[day]!,
    weekend: calendar.weekend[day] === 1,
    daypart: daypartOf(localHour(time)),
  })
  const category = choose(choice, random)
  const { online } = CATEGORIES[category]!
  if (online === 0) return { category, city }
  const moved = 0.5 * driftAt(calendar, time)
  const taste = Math.min(0.9, online * SEGMENTS[segment]!.online)
  const isOnline = online === 1 || random.next() < taste + (1 - taste) * moved
  return { category, city: isOnline ? NO_CITY : city }
}

/** One online purchase in fifty comes from an office or a friend's computer. */
function onlineDevice(input: {
  world: World
  customer: number
  time: number
  strangeDevices: StrangeDevices
  random: Random
}) {
  const { world, customer, time, strangeDevices, random } = input
  if (random.next() < 1 / 50) return strangeDevice(strangeDevices.next++)
  return ownDevice(world, { customer, time }, random)
}
