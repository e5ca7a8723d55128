import type { Random } from '../math/random.ts'
import { type Calendar, DAY, driftAt } from './simulator-calendar.ts'
import { CATEGORIES, categoryIndex } from './simulator-categories.ts'
import { type Customers, DEVICE_LIFE_DAYS, OWN_DEVICES } from './simulator-customers.ts'
import { AUTH_METHODS, CHANNELS, DEVICE_TYPES, NO_CITY, NO_DEVICE } from './simulator-events.ts'
import type { Merchants } from './simulator-merchants.ts'
import { hashUniform, skewedIndex } from './simulator-sampling.ts'

/** Everything that a payment is drawn from. */
export interface World {
  readonly calendar: Calendar
  readonly customers: Customers
  readonly merchants: Merchants
}

export const CHIP = CHANNELS.indexOf('chip')
export const CONTACTLESS = CHANNELS.indexOf('contactless')
export const MAGSTRIPE = CHANNELS.indexOf('magstripe')
export const ONLINE = CHANNELS.indexOf('online')
export const ATM = CHANNELS.indexOf('atm')
export const CASH = categoryIndex('cash')

const PIN = AUTH_METHODS.indexOf('pin')
const SIGNATURE = AUTH_METHODS.indexOf('signature')
const THREE_DS = AUTH_METHODS.indexOf('3ds')
export const NO_AUTH = AUTH_METHODS.indexOf('none')
export const PASSWORD = AUTH_METHODS.indexOf('password')

/**
 * A merchant of the category: in `city`, or online for NO_CITY. Three times in four one of the three
 * that this customer prefers, else any, the popular first.
 */
export function pickMerchant(
  world: World,
  wanted: { customer: number; category: number; city: number },
  random: Random,
): number {
  const { customer, category, city } = wanted
  const list =
    city === NO_CITY
      ? world.merchants.online[category]!
      : world.merchants.shops[city * CATEGORIES.length + category]!
  const slot = random.int(3)
  const uniform = random.next() < 0.6 ? hashUniform(customer, category * 64 + city + 1, slot) : random.next()
  return list[skewedIndex(list.length, uniform)]!
}

/** What a customer would pay there on a usual day, in KRW, not yet rounded. */
export function usualAmount(
  world: World,
  purchase: { customer: number; merchant: number; time: number },
  random: Random,
): number {
  const { customer, merchant, time } = purchase
  const category = CATEGORIES[world.merchants.category[merchant]!]!
  const level = category.elasticity * world.customers.spend[customer]! + category.spread * random.normal()
  return category.median * world.merchants.priceLevel[merchant]! * Math.exp(level) * inflation(world, time)
}

/** The middle of a customer's purchases in KRW: the measure that fraud is scaled by. */
export function typicalAmount(world: World, customer: number, time: number): number {
  return 42_000 * Math.exp(0.7 * world.customers.spend[customer]!) * inflation(world, time)
}

/** Prices as they are charged: cash in notes of 10,000, large amounts in hundreds, small ones in tens. */
export function roundAmount(amount: number, category: number): number {
  if (category === CASH) return Math.min(3_000_000, Math.max(1, Math.round(amount / 10_000)) * 10_000)
  const step = amount < 20_000 ? 10 : 100
  return Math.max(100, Math.round(amount / step) * step)
}

/** How the card is read at a shop. */
export function shopChannel(amount: number, category: number, random: Random): number {
  if (category === CASH) return ATM
  const draw = random.next()
  if (draw < 0.04) return MAGSTRIPE
  return draw < (amount < 50_000 ? 0.7 : 0.3) ? CONTACTLESS : CHIP
}

/** How the payer shows to be the holder. */
export function authMethod(channel: number, random: Random): number {
  const draw = random.next()
  if (channel === ATM) return PIN
  if (channel === MAGSTRIPE) return SIGNATURE
  if (channel === CHIP) return draw < 0.7 ? PIN : SIGNATURE
  if (channel === CONTACTLESS) return draw < 0.85 ? NO_AUTH : PIN
  if (draw < 0.5) return THREE_DS
  return draw < 0.75 ? PASSWORD : NO_AUTH
}

/** The customer's own device: three times in four the main phone, else the second device, or its successor. */
export function ownDevice(world: World, use: { customer: number; time: number }, random: Random) {
  const { customer, time } = use
  const { deviceSince, deviceTypes } = world.customers
  if (random.next() < HIDDEN) return { device: NO_DEVICE, deviceType: NO_DEVICE }
  const first = random.next() < 0.75 ? 0 : 1
  const isReplaced = time >= deviceSince[2 * customer + first]! + DEVICE_LIFE_DAYS * DAY
  const device = isReplaced ? first + 2 : first
  return { device, deviceType: deviceTypes[OWN_DEVICES * customer + device]! }
}

/** A device that was never seen with this customer: `serial` tells it from all others. */
export function strangeDevice(serial: number) {
  return {
    device: OWN_DEVICES + serial,
    deviceType: Math.floor(hashUniform(serial, 0, 0) * DEVICE_TYPES.length),
  }
}

// share of own devices that send no fingerprint
const HIDDEN = 0.04

/** Under full drift prices are 2.2 times what they were. */
function inflation(world: World, time: number): number {
  return 1 + 1.2 * driftAt(world.calendar, time)
}
