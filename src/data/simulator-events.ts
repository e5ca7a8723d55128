/** Codes of the text columns; the array's order is the code. */
export const CHANNELS = ['chip', 'contactless', 'magstripe', 'online', 'atm'] as const
export const AUTH_METHODS = ['pin', 'signature', 'none', '3ds', 'password'] as const
export const DEVICE_TYPES = ['ios', 'android', 'web'] as const

/** No city: the purchase was made online. No device: the card was present, or the device hid itself. */
export const NO_CITY = -1
export const NO_DEVICE = -1
/** The pattern code of a legitimate transaction. */
export const LEGITIMATE = -1

/** One payment, before anything is counted. `device` is a number within the customer. */
export interface PaymentEvent {
  readonly time: number
  readonly customer: number
  readonly merchant: number
  readonly city: number
  readonly amount: number
  readonly channel: number
  readonly auth: number
  readonly device: number
  readonly deviceType: number
  readonly pattern: number
}

/** Payments as arrays of equal length. Times are whole seconds, amounts whole KRW. */
export interface Events {
  readonly count: number
  readonly time: Float64Array
  readonly customer: Int32Array
  readonly merchant: Int32Array
  readonly city: Int8Array
  readonly amount: Float64Array
  readonly channel: Int8Array
  readonly auth: Int8Array
  readonly device: Int32Array
  readonly deviceType: Int8Array
  readonly pattern: Int8Array
}

/** Collects payments in any order, then hands them out by time. */
export class EventLog {
  #count = 0
  #events: Events

  constructor(capacity: number) {
    this.#events = emptyEvents(capacity)
  }

  push(event: PaymentEvent): void {
    if (this.#count === this.#events.time.length) this.#grow()
    const i = this.#count++
    const events = this.#events
    events.time[i] = event.time
    events.customer[i] = event.customer
    events.merchant[i] = event.merchant
    events.city[i] = event.city
    events.amount[i] = event.amount
    events.channel[i] = event.channel
    events.auth[i] = event.auth
    events.device[i] = event.device
    events.deviceType[i] = event.deviceType
    events.pattern[i] = event.pattern
  }

  /** Payments with from ≤ time < to. */
  countWithin(from: number, to: number): number {
    let within = 0
    for (let i = 0; i < this.#count; i++) {
      if (this.#events.time[i]! >= from && this.#events.time[i]! < to) within++
    }
    return within
  }

  /** The payments by time; equal times in the order of their arrival here. Cost O(n log n). */
  byTime(): Events {
    const time = this.#events.time
    const keys = new Float64Array(this.#count)
    const first = time.subarray(0, this.#count).reduce((least, t) => Math.min(least, t), Infinity)
    for (let i = 0; i < keys.length; i++) keys[i] = (time[i]! - first) * PLACES + i
    const rows = Int32Array.from(keys.sort(), (key) => key % PLACES)
    return take(this.#events, rows)
  }

  #grow(): void {
    const larger = emptyEvents(Math.ceil(this.#count * 1.5) + 1000)
    for (const name of ARRAYS) larger[name].set(this.#events[name])
    this.#events = larger
  }
}

// 2^28 payments within 2^25 seconds (388 days) fit the 53 bits of a float
const PLACES = 2 ** 28

const ARRAYS = [
  'time',
  'customer',
  'merchant',
  'city',
  'amount',
  'channel',
  'auth',
  'device',
  'deviceType',
  'pattern',
] as const

function emptyEvents(count: number): Events {
  return {
    count,
    time: new Float64Array(count),
    customer: new Int32Array(count),
    merchant: new Int32Array(count),
    city: new Int8Array(count),
    amount: new Float64Array(count),
    channel: new Int8Array(count),
    auth: new Int8Array(count),
    device: new Int32Array(count),
    deviceType: new Int8Array(count),
    pattern: new Int8Array(count),
  }
}

function take(events: Events, rows: Int32Array): Events {
  const taken = emptyEvents(rows.length)
  for (const name of ARRAYS) {
    const from = events[name]
    const to = taken[name]
    for (let i = 0; i < rows.length; i++) to[i] = from[rows[i]!]!
  }
  return taken
}
