import type { Random } from '../math/random.ts'
import { DAY } from './simulator-calendar.ts'

/** Share of values lost at random, on top of those that do not exist (a device at a shop, a city online). */
export const LOST_SHARES = {
  auth_method: 0.02,
  merchant_country: 0.01,
  place: 0.03,
  declared_income: 0.1,
  /** Of customers whose account is younger than 180 days: they have declared less. */
  declared_income_new: 0.35,
} as const

/** Which rows lose which values: 1 is lost. The income of a customer is declared or not, once and for all. */
export interface Losses {
  readonly auth: Uint8Array
  readonly country: Uint8Array
  /** City and distances go together: the terminal did not send its place. */
  readonly place: Uint8Array
  readonly income: Uint8Array
}

/** Draws the losses of `rows` rows and the undeclared incomes of customers. Independent of the label. */
export function drawLosses(input: {
  rows: number
  opened: Float64Array
  start: number
  random: Random
}): Losses {
  const { rows, opened, start, random } = input
  const auth = random.fork('auth')
  const country = random.fork('country')
  const place = random.fork('place')
  const income = random.fork('income')
  const drawn = (source: Random, share: number) => (source.next() < share ? 1 : 0)
  return {
    auth: new Uint8Array(rows).map(() => drawn(auth, LOST_SHARES.auth_method)),
    country: new Uint8Array(rows).map(() => drawn(country, LOST_SHARES.merchant_country)),
    place: new Uint8Array(rows).map(() => drawn(place, LOST_SHARES.place)),
    income: Uint8Array.from(opened, (since) =>
      drawn(
        income,
        start - since < 180 * DAY ? LOST_SHARES.declared_income_new : LOST_SHARES.declared_income,
      ),
    ),
  }
}
