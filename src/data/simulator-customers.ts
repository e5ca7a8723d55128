import type { Random } from '../math/random.ts'
import { type Calendar, DAY } from './simulator-calendar.ts'
import { DEVICE_TYPES } from './simulator-events.ts'
import { CITIES, HOME_CITIES } from './simulator-geography.ts'
import { between, type Choice, choose, createChoice, wholeBetween } from './simulator-sampling.ts'
import { SEGMENTS } from './simulator-segments.ts'

export const TRIPS_PER_CUSTOMER = 3
/** A customer has devices 0 to 3; strange ones are counted from here. */
export const OWN_DEVICES = 4
/** Days after which a device is replaced. */
export const DEVICE_LIFE_DAYS = 700

/** The card holders, one card each; entry i of every array is customer i. */
export interface Customers {
  readonly count: number
  readonly segment: Uint8Array
  readonly homeCity: Uint8Array
  readonly homeLatitude: Float64Array
  readonly homeLongitude: Float64Array
  /** Log of the spend level; follows income. */
  readonly spend: Float64Array
  /** KRW a month. */
  readonly income: Float64Array
  /** KRW a month; NaN for a debit card. */
  readonly creditLimit: Float64Array
  readonly opened: Float64Array
  /** When the main phone (2 i) and the second device (2 i + 1) were first used; each is replaced in time. */
  readonly deviceSince: Float64Array
  /** Types of devices 4 i to 4 i + 3: main phone, second device, and the successor of each. */
  readonly deviceTypes: Uint8Array
  /** Trip k of customer i at 3 i + k: first day, number of days (0 is no trip), city. */
  readonly tripDay: Int16Array
  readonly tripDays: Uint8Array
  readonly tripCity: Uint8Array
  /** Customers by how often they pay. */
  readonly activity: Choice
}

/** Draws `count` customers. Cost O(count). */
export function createCustomers(input: { count: number; calendar: Calendar; random: Random }): Customers {
  const { count, calendar, random } = input
  const customers = emptyCustomers(count)
  const activity = new Float64Array(count)
  for (let i = 0; i < count; i++) {
    customers.segment[i] = choose(SEGMENT_CHOICE, random)
    settle(customers, i, random)
    openAccount(customers, i, { calendar, random })
    giveDevices(customers, i, { calendar, random })
    planTrips(customers, i, { calendar, random })
    activity[i] = Math.exp(0.5 * random.normal())
  }
  return { ...customers, activity: createChoice(activity) }
}

const IOS = DEVICE_TYPES.indexOf('ios')
const ANDROID = DEVICE_TYPES.indexOf('android')
const WEB = DEVICE_TYPES.indexOf('web')
const SEGMENT_CHOICE = createChoice(SEGMENTS.map((segment) => segment.share))
const HOME_CHOICE = createChoice(CITIES.slice(0, HOME_CITIES).map((city) => city.weight))
const ABROAD_CHOICE = createChoice(CITIES.slice(HOME_CITIES).map((city) => city.weight))

type Draft = Omit<Customers, 'activity'>

function emptyCustomers(count: number): Draft {
  return {
    count,
    segment: new Uint8Array(count),
    homeCity: new Uint8Array(count),
    homeLatitude: new Float64Array(count),
    homeLongitude: new Float64Array(count),
    spend: new Float64Array(count),
    income: new Float64Array(count),
    creditLimit: new Float64Array(count),
    opened: new Float64Array(count),
    deviceSince: new Float64Array(2 * count),
    deviceTypes: new Uint8Array(OWN_DEVICES * count),
    tripDay: new Int16Array(TRIPS_PER_CUSTOMER * count),
    tripDays: new Uint8Array(TRIPS_PER_CUSTOMER * count),
    tripCity: new Uint8Array(TRIPS_PER_CUSTOMER * count),
  }
}

function settle(customers: Draft, i: number, random: Random): void {
  const homeCity = choose(HOME_CHOICE, random)
  customers.homeCity[i] = homeCity
  customers.homeLatitude[i] = CITIES[homeCity]!.latitude + between(-0.08, 0.08, random)
  customers.homeLongitude[i] = CITIES[homeCity]!.longitude + between(-0.08, 0.08, random)
  const wealth = 0.45 * random.normal()
  customers.income[i] = roundTo(3_000_000 * Math.exp(SEGMENTS[customers.segment[i]!]!.spend + wealth), 10_000)
  customers.spend[i] = SEGMENTS[customers.segment[i]!]!.spend + wealth + 0.2 * random.normal()
}

/** One in seven opens the account within the simulated time; three in ten hold a debit card. */
function openAccount(customers: Draft, i: number, input: { calendar: Calendar; random: Random }): void {
  const { calendar, random } = input
  const isNew = random.next() < 1 / 7
  const yearsBefore = 0.05 + 9 * random.next()
  customers.opened[i] = isNew
    ? Math.floor(between(calendar.warmStart, calendar.end - 10 * DAY, random))
    : Math.floor(calendar.warmStart - yearsBefore * 365 * DAY)
  const limit = customers.income[i]! * Math.exp(0.1 + 0.4 * random.normal())
  customers.creditLimit[i] =
    random.next() < 0.3 ? Number.NaN : Math.min(30_000_000, Math.max(500_000, roundTo(limit, 100_000)))
}

/** Devices are as old as it happens, up to the age of the account and to their life: the mean age stays level. */
function giveDevices(customers: Draft, i: number, input: { calendar: Calendar; random: Random }): void {
  const { calendar, random } = input
  const oldest = Math.max(customers.opened[i]!, calendar.warmStart - DEVICE_LIFE_DAYS * DAY)
  const youngest = Math.max(customers.opened[i]!, calendar.warmStart)
  customers.deviceSince[2 * i] = Math.floor(between(oldest, youngest, random))
  customers.deviceSince[2 * i + 1] = Math.floor(between(oldest, youngest, random))
  const phone = random.next() < 0.35 ? IOS : ANDROID
  const successor = random.next() < 0.85 ? phone : ANDROID
  const second = () => (random.next() < 0.8 ? WEB : ANDROID)
  customers.deviceTypes.set([phone, second(), successor, second()], OWN_DEVICES * i)
}

/** Two trips in three stay in the country. */
function planTrips(customers: Draft, i: number, input: { calendar: Calendar; random: Random }): void {
  const { calendar, random } = input
  const mean = SEGMENTS[customers.segment[i]!]!.trips
  for (let k = TRIPS_PER_CUSTOMER * i; k < TRIPS_PER_CUSTOMER * (i + 1); k++) {
    if (random.next() >= mean / TRIPS_PER_CUSTOMER) continue
    const isAbroad = random.next() < 1 / 3
    customers.tripDay[k] = random.int(calendar.dayCount)
    customers.tripDays[k] = isAbroad ? wholeBetween(3, 12, random) : wholeBetween(2, 6, random)
    customers.tripCity[k] = isAbroad
      ? HOME_CITIES + choose(ABROAD_CHOICE, random)
      : choose(HOME_CHOICE, random)
  }
}

function roundTo(value: number, step: number): number {
  return Math.round(value / step) * step
}
