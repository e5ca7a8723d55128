import { DAY } from './simulator-calendar.ts'
import { categoryIndex } from './simulator-categories.ts'
import { LEGITIMATE, NO_CITY, type PaymentEvent } from './simulator-events.ts'
import { REACH } from './simulator-merchants.ts'
import {
  ATM,
  CASH,
  CHIP,
  CONTACTLESS,
  MAGSTRIPE,
  shopChannel,
  typicalAmount,
  usualAmount,
} from './simulator-purchase.ts'
import { between, choose, wholeBetween } from './simulator-sampling.ts'
import { SEGMENT_HOURS } from './simulator-segments.ts'
import {
  atHour,
  cityAway,
  type Emit,
  type Episode,
  payAtShop,
  payOnline,
  pickTarget,
  stolenCardChannel,
} from './simulator-theft.ts'

/** A way of stealing. Shares are of all frauds, before and after the drift. */
export interface FraudPattern {
  readonly name: string
  readonly share: number
  readonly driftedShare: number
  /** Mean number of frauds of one episode. */
  readonly meanLength: number
  readonly commit: (episode: Episode, emit: Emit) => void
}

/** The patterns; the order is the pattern code. */
export const FRAUD_PATTERNS: readonly FraudPattern[] = [
  { name: 'card_testing', share: 0.22, driftedShare: 0.12, meanLength: 4.8, commit: testCard },
  { name: 'stolen_card_burst', share: 0.22, driftedShare: 0.1, meanLength: 3.5, commit: burst },
  { name: 'account_takeover', share: 0.22, driftedShare: 0.33, meanLength: 2, commit: takeOver },
  { name: 'compromised_merchant', share: 0.18, driftedShare: 0.2, meanLength: 2, commit: abuseLeakedCard },
  { name: 'slow_high_amount', share: 0.16, driftedShare: 0.25, meanLength: 3.5, commit: spendSlowly },
]

// what is stolen; a category that stands twice is taken twice as often
const GOODS_AT_SHOPS = [
  ...['electronics', 'electronics', 'clothing', 'clothing', 'jewelry', 'gift_cards'],
  ...['convenience', 'fuel', 'restaurant', 'grocery'],
].map(categoryIndex)
const GOODS_ONLINE = [
  ...['marketplace', 'marketplace', 'digital_goods', 'gift_cards', 'electronics'],
  ...['travel', 'clothing', 'gaming'],
].map(categoryIndex)
const COSTLY_GOODS = [
  ...['electronics', 'electronics', 'clothing', 'clothing', 'jewelry', 'travel'],
  ...['marketplace', 'grocery', 'restaurant'],
].map(categoryIndex)

/** Tries a stolen number with tiny amounts, minutes apart, where nobody checks. Drift: not so tiny any more. */
function testCard(episode: Episode, emit: Emit): void {
  const { world, drift, random } = episode
  const { lenient } = world.merchants
  const favourite = lenient[random.int(lenient.length)]!
  const device = { isHidden: random.next() < 0.15, isKnown: false }
  const tries = wholeBetween(3, 6, random)
  let { time } = episode
  for (let k = 0; k < tries; k++) {
    const merchant = random.next() < 0.6 ? favourite : lenient[random.int(lenient.length)]!
    const amount = Math.exp(between(Math.log(300), Math.log(3500), random)) * (1 + 5 * drift)
    emit(payOnline(episode, { time, merchant, amount, ...device }))
    time += wholeBetween(20, 400, random)
  }
  if (random.next() >= 0.3) return
  // the number works: one real purchase
  time += wholeBetween(600, 7200, random)
  const merchant = pickTarget(episode, { categories: GOODS_ONLINE, city: NO_CITY })
  const amount = typicalAmount(world, episode.customer, time) * between(1.5, 5, random)
  emit(payOnline(episode, { time, merchant, amount, ...device }))
}

/** Spends as much as possible with the card itself, far from its holder, before it is stopped. */
function burst(episode: Episode, emit: Emit): void {
  const { world, customer, random } = episode
  const city = cityAway(world.customers.homeCity[customer]!, random)
  const purchases = wholeBetween(2, 5, random)
  let { time } = episode
  for (let k = 0; k < purchases; k++) {
    const isCash = random.next() < 0.2
    const merchant = pickTarget(episode, { categories: isCash ? [CASH] : GOODS_AT_SHOPS, city })
    const amount = typicalAmount(world, customer, time) * Math.exp(between(0.7, 2.3, random))
    const channel = isCash ? ATM : stolenCardChannel(random)
    emit(payAtShop(episode, { time, merchant, city, amount, channel }))
    time += wholeBetween(240, 3600, random)
  }
}

/** Signs in as the customer from a new device, mostly at night. Drift: through the customer's own phone, by day. */
function takeOver(episode: Episode, emit: Emit): void {
  const { world, customer, drift, random } = episode
  const isKnown = random.next() < 0.15 + 0.5 * drift
  const isHidden = random.next() < 0.15
  const isAtNight = random.next() < 0.65 * (1 - drift)
  const purchases = wholeBetween(1, 3, random)
  let time = isAtNight ? atHour(episode.time, (23 + random.int(6)) % 24, random) : episode.time
  for (let k = 0; k < purchases; k++) {
    const merchant = pickTarget(episode, { categories: GOODS_ONLINE, city: NO_CITY })
    const amount = typicalAmount(world, customer, time) * Math.exp(between(0.3, 2, random))
    emit(payOnline(episode, { time, merchant, amount, isHidden, isKnown }))
    time += wholeBetween(300, 7200, random)
  }
}

/** The card is copied at a breached terminal (a legitimate visit); weeks later the copy buys goods at a few shops. */
function abuseLeakedCard(episode: Episode, emit: Emit): void {
  const { world, customer, random } = episode
  emit(visitBreached(episode))
  const { cashOut, reach } = world.merchants
  const purchases = wholeBetween(1, 3, random)
  const home = world.customers.homeCity[customer]!
  let { time } = episode
  for (let k = 0; k < purchases; k++) {
    const merchant = cashOut[random.int(cashOut.length)]!
    const city = reach[merchant] === REACH.homeChain ? home : reach[merchant]!
    const amount = usualAmount(world, { customer, merchant, time }, random) * 2
    const channel = random.next() < 0.6 ? MAGSTRIPE : shopChannel(amount, -1, random)
    emit(payAtShop(episode, { time, merchant, city, amount, channel }))
    time += wholeBetween(DAY / 5, 3 * DAY, random)
  }
}

/** The visit 12 to 45 days before the abuse, or when the account was opened if that was later. */
function visitBreached(episode: Episode): PaymentEvent {
  const { world, customer, random } = episode
  const { breached, reach } = world.merchants
  const merchant = breached[random.int(breached.length)]!
  const weeksBefore = episode.time - wholeBetween(12 * DAY, 45 * DAY, random)
  const time = Math.max(weeksBefore, world.customers.opened[customer]!)
  const city = reach[merchant]! >= 0 ? reach[merchant]! : world.customers.homeCity[customer]!
  const amount = usualAmount(world, { customer, merchant, time }, random)
  return { ...payAtShop(episode, { time, merchant, city, amount, channel: CHIP }), pattern: LEGITIMATE }
}

/** Someone near the holder, or a patient thief: high amounts, days apart, at the holder's own hours and devices. */
function spendSlowly(episode: Episode, emit: Emit): void {
  const { world, customer, random } = episode
  const hours = SEGMENT_HOURS[world.customers.segment[customer]!]!
  const purchases = wholeBetween(3, 4, random)
  let day = episode.time
  for (let k = 0; k < purchases; k++) {
    const time = atHour(day, choose(hours, random), random)
    const amount = typicalAmount(world, customer, time) * Math.exp(between(1.8, 2.9, random))
    const city = random.next() < 0.5 ? NO_CITY : world.customers.homeCity[customer]!
    const merchant = pickTarget(episode, { categories: COSTLY_GOODS, city })
    const channel = random.next() < 0.6 ? CHIP : CONTACTLESS
    emit(
      city === NO_CITY
        ? payOnline(episode, { time, merchant, amount, isHidden: false, isKnown: true })
        : payAtShop(episode, { time, merchant, city, amount, channel }),
    )
    day += wholeBetween(4 * DAY, 14 * DAY, random)
  }
}
