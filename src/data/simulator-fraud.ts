import type { Random } from '../math/random.ts'
import { DAY, driftAt } from './simulator-calendar.ts'
import { type EventLog, LEGITIMATE, type PaymentEvent } from './simulator-events.ts'
import { buyAsUsual, type StrangeDevices } from './simulator-habits.ts'
import { FRAUD_PATTERNS, type FraudPattern } from './simulator-patterns.ts'
import type { World } from './simulator-purchase.ts'

/** Fraud's share of the rows. */
export const FRAUD_RATE = 0.01

/**
 * Commits `rows` frauds within the table's period, shared out over the patterns, and as densely in the
 * days before it. Episodes of a pattern start at even distances in time, shaken, so that every month
 * has its share; under drift they follow the new mix. Cost O(rows).
 */
export function commitFraud(input: {
  world: World
  rows: number
  log: EventLog
  strangeDevices: StrangeDevices
  random: Random
}): void {
  const { world } = input
  const visible = FRAUD_PATTERNS.map((pattern) => volume(world, pattern, { visibleOnly: true }))
  const quotas = apportion(input.rows, visible)
  for (const [code, pattern] of FRAUD_PATTERNS.entries()) {
    commitPattern({ ...input, code, pattern, quota: quotas[code]!, random: input.random.fork(pattern.name) })
  }
}

/** Shares `total` out by weight in whole numbers: the largest remainders get what is left. */
export function apportion(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((a, b) => a + b, 0)
  const exact = weights.map((weight) => (total * weight) / sum)
  const whole = exact.map(Math.floor)
  const left = total - whole.reduce((a, b) => a + b, 0)
  const byRemainder = exact.map((value, i) => ({ i, rest: value % 1 })).sort((a, b) => b.rest - a.rest)
  for (const { i } of byRemainder.slice(0, left)) whole[i]!++
  return whole
}

/** Runs episodes of one pattern until its quota within the period is full; the last one is cut short. */
function commitPattern(input: {
  world: World
  log: EventLog
  strangeDevices: StrangeDevices
  code: number
  pattern: FraudPattern
  quota: number
  random: Random
}): void {
  const { world, log, code, pattern, random, strangeDevices } = input
  const { calendar, customers } = world
  const starts = plannedStarts(input)
  let left = input.quota
  const emit = (planned: PaymentEvent) => {
    if (planned.time < calendar.warmStart || planned.time >= calendar.end) return
    const isCounted = planned.time >= calendar.start && planned.pattern !== LEGITIMATE
    if (isCounted && left === 0) return
    log.push(blendIn({ world, planned, strangeDevices, random }))
    if (isCounted) left--
  }
  for (let episode = 0; left > 0; episode++) {
    const time = starts[episode] ?? episodeStarts({ world, pattern, count: 1, random })[0]!
    const customer = random.int(customers.count)
    if (customers.opened[customer]! > time - DAY) continue
    const drift = driftAt(calendar, time)
    const device = strangeDevices.next++
    pattern.commit({ world, customer, time, drift, device, code, random }, emit)
  }
}

/** As many starts as the quota needs, counted up to the days outside the period. */
function plannedStarts(input: {
  world: World
  pattern: FraudPattern
  quota: number
  random: Random
}): number[] {
  const { world, pattern, quota, random } = input
  const all = volume(world, pattern, { visibleOnly: false })
  const visible = volume(world, pattern, { visibleOnly: true })
  const count = Math.ceil(((quota / pattern.meanLength) * all) / visible)
  return episodeStarts({ world, pattern, count, random })
}

/** Replaces one fraud in sixty by a purchase as the holder makes them: no detector can be perfect. */
function blendIn(input: {
  world: World
  planned: PaymentEvent
  strangeDevices: StrangeDevices
  random: Random
}): PaymentEvent {
  const { world, planned, random } = input
  const { customer, time, pattern } = planned
  if (pattern === LEGITIMATE || random.next() >= 1 / 60) return planned
  const city = world.customers.homeCity[customer]!
  return { ...buyAsUsual({ ...input, customer, time, city }), pattern }
}

/** Weight of the pattern on each day: from its first mix to the drifted one. */
function dailyWeights(world: World, pattern: FraudPattern): Float64Array {
  const { calendar } = world
  return Float64Array.from({ length: calendar.dayCount }, (_, day) => {
    const drift = driftAt(calendar, calendar.firstMidnight + (day + 0.5) * DAY)
    return pattern.share + (pattern.driftedShare - pattern.share) * drift
  })
}

function volume(world: World, pattern: FraudPattern, days: { visibleOnly: boolean }): number {
  const { start, firstMidnight } = world.calendar
  const firstDay = days.visibleOnly ? Math.round((start - firstMidnight) / DAY) : 0
  return dailyWeights(world, pattern)
    .subarray(firstDay)
    .reduce((sum, weight) => sum + weight, 0)
}

/** Times at which episodes begin, one in each of `count` stretches of equal weight, in random order. */
function episodeStarts(input: {
  world: World
  pattern: FraudPattern
  count: number
  random: Random
}): number[] {
  const { world, pattern, count, random } = input
  const weights = dailyWeights(world, pattern)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const starts: number[] = []
  let day = 0
  let before = 0
  for (let i = 0; i < count; i++) {
    const target = ((i + random.next()) / count) * total
    while (day < weights.length - 1 && before + weights[day]! <= target) before += weights[day++]!
    starts.push(Math.floor(world.calendar.firstMidnight + (day + (target - before) / weights[day]!) * DAY))
  }
  return shuffled(starts, random)
}

function shuffled(values: number[], random: Random): number[] {
  for (let i = values.length - 1; i > 0; i--) {
    const j = random.int(i + 1)
    const swapped = values[i]!
    values[i] = values[j]!
    values[j] = swapped
  }
  return values
}
