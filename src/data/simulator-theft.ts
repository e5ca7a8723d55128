import type { Random } from '../math/random.ts'
import { DAY } from './simulator-calendar.ts'
import { NO_CITY, NO_DEVICE, type PaymentEvent } from './simulator-events.ts'
import { CITIES, HOME_CITIES, LOCAL_OFFSET_SECONDS } from './simulator-geography.ts'
import {
  authMethod,
  CHIP,
  CONTACTLESS,
  MAGSTRIPE,
  NO_AUTH,
  ONLINE,
  ownDevice,
  PASSWORD,
  pickMerchant,
  roundAmount,
  strangeDevice,
  type World,
} from './simulator-purchase.ts'

/** One episode: whose card, from when on, how far the world has drifted, and the criminal's device. */
export interface Episode {
  readonly world: World
  readonly customer: number
  readonly time: number
  readonly drift: number
  readonly device: number
  readonly code: number
  readonly random: Random
}

export type Emit = (event: PaymentEvent) => void

/** A payment without the card: from the criminal's device, or (`isKnown`) from one of the holder's. */
export function payOnline(
  episode: Episode,
  payment: { time: number; merchant: number; amount: number; isHidden: boolean; isKnown: boolean },
): PaymentEvent {
  const { world, customer, code, random } = episode
  const { time, merchant, isKnown } = payment
  const auth = isKnown ? authMethod(ONLINE, random) : stolenAuth(random)
  const hidden = { device: NO_DEVICE, deviceType: NO_DEVICE }
  const strange = payment.isHidden ? hidden : strangeDevice(episode.device)
  const device = isKnown ? ownDevice(world, { customer, time }, random) : strange
  const amount = roundAmount(payment.amount, world.merchants.category[merchant]!)
  return { time, customer, merchant, city: NO_CITY, amount, channel: ONLINE, auth, ...device, pattern: code }
}

/** A payment with the card or its copy. */
export function payAtShop(
  episode: Episode,
  payment: { time: number; merchant: number; city: number; amount: number; channel: number },
): PaymentEvent {
  const { world, customer, code: pattern, random } = episode
  const { time, merchant, city, channel } = payment
  const amount = roundAmount(payment.amount, world.merchants.category[merchant]!)
  const auth = authMethod(channel, random)
  const device = { device: NO_DEVICE, deviceType: NO_DEVICE }
  return { time, customer, merchant, city, amount, channel, auth, ...device, pattern }
}

/** A merchant of one of the categories, chosen by the criminal's own preferences; online for NO_CITY. */
export function pickTarget(
  episode: Episode,
  target: { categories: readonly number[]; city: number },
): number {
  const category = target.categories[episode.random.int(target.categories.length)]!
  // numbers below zero are nobody's: a criminal does not share a customer's habits
  const criminal = -1 - episode.device
  return pickMerchant(episode.world, { customer: criminal, category, city: target.city }, episode.random)
}

/** Another city than home, half of the time abroad. */
export function cityAway(home: number, random: Random): number {
  const isAbroad = random.next() < 0.5
  const city = isAbroad ? HOME_CITIES + random.int(CITIES.length - HOME_CITIES) : random.int(HOME_CITIES)
  return city === home ? (home + 1) % HOME_CITIES : city
}

/** How a stolen card is read: more often by its stripe than an honest one. */
export function stolenCardChannel(random: Random): number {
  const draw = random.next()
  if (draw < 0.2) return MAGSTRIPE
  return draw < 0.6 ? CONTACTLESS : CHIP
}

/** Some second in the given local hour of the same local day. */
export function atHour(time: number, hour: number, random: Random): number {
  const sinceMidnight = (time + LOCAL_OFFSET_SECONDS) % DAY
  return time - sinceMidnight + hour * 3600 + random.int(3600)
}

/** A criminal passes the second factor less often than the holder. */
function stolenAuth(random: Random): number {
  if (random.next() < 0.5) return authMethod(ONLINE, random)
  return random.next() < 0.5 ? NO_AUTH : PASSWORD
}
