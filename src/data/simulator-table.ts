import { DAY, localHour } from './simulator-calendar.ts'
import { CATEGORIES } from './simulator-categories.ts'
import { SIMULATED_COLUMNS } from './simulator-columns.ts'
import type { Counters } from './simulator-counters.ts'
import { AUTH_METHODS, CHANNELS, DEVICE_TYPES, type Events, LEGITIMATE, NO_CITY } from './simulator-events.ts'
import { CITIES, COUNTRIES } from './simulator-geography.ts'
import type { Losses } from './simulator-missing.ts'
import type { World } from './simulator-purchase.ts'
import type { Column, Table } from './table.ts'

interface Parts {
  readonly world: World
  readonly events: Events
  readonly counters: Counters
  readonly risk: Float64Array
  readonly losses: Losses
  /** Rows before this one belong to the warm-up and are left out. */
  readonly first: number
  readonly idPrefix: string
}

/** Puts the columns together in the order of SIMULATED_COLUMNS, for the rows from `first` on. */
export function assembleTable(parts: Parts): Table {
  const sources: Readonly<Record<string, Source>> = {
    ...identities(parts),
    ...circumstances(parts),
    ...holder(parts),
    ...history(parts),
  }
  const rowCount = parts.events.count - parts.first
  const columns = SIMULATED_COLUMNS.map(({ name, kind }): Column => {
    const source = sources[name]!
    if ('codeOf' in source) return { name, kind: 'text', ...textValues(source, parts.first, rowCount) }
    return {
      name,
      kind: kind as Exclude<Column['kind'], 'text'>,
      values: numberValues(source, parts.first, rowCount),
    }
  })
  return { rowCount, columns }
}

/** How a cell comes from a row: a code with the name of each code (−1 is missing), or a number rounded to `step`. */
type Source =
  | { readonly codeOf: (row: number) => number; readonly nameOf: (code: number) => string }
  | { readonly numberOf: (row: number) => number; readonly step: number }

function identities({ events, first, idPrefix }: Parts): Record<string, Source> {
  return {
    transaction_id: {
      codeOf: (row) => row - first,
      nameOf: (code) => `${idPrefix}-${String(code).padStart(7, '0')}`,
    },
    transaction_time: numeric(events.time, 1),
    customer_id: { codeOf: (row) => events.customer[row]!, nameOf: numbered('c') },
    merchant_id: { codeOf: (row) => events.merchant[row]!, nameOf: numbered('m') },
    amount: numeric(events.amount, 1),
    isFraud: { numberOf: (row) => (events.pattern[row] === LEGITIMATE ? 0 : 1), step: 1 },
  }
}

function circumstances({ world, events, losses }: Parts): Record<string, Source> {
  const { category, country } = world.merchants
  const countryOf = (row: number) =>
    events.city[row] === NO_CITY
      ? country[events.merchant[row]!]!
      : COUNTRIES.indexOf(CITIES[events.city[row]!]!.country)
  return {
    category: named(
      CATEGORIES.map(({ name }) => name),
      (row) => category[events.merchant[row]!]!,
    ),
    channel: named(CHANNELS, (row) => events.channel[row]!),
    auth_method: named(AUTH_METHODS, (row) => (losses.auth[row] ? -1 : events.auth[row]!)),
    merchant_country: named(COUNTRIES, (row) => (losses.country[row] ? -1 : countryOf(row))),
    merchant_city: named(
      CITIES.map(({ name }) => name),
      (row) => (losses.place[row] ? -1 : events.city[row]!),
    ),
    device_type: named(DEVICE_TYPES, (row) => events.deviceType[row]!),
    hour: { numberOf: (row) => localHour(events.time[row]!), step: 1 },
  }
}

function holder({ world, events, losses }: Parts): Record<string, Source> {
  const { creditLimit, income, opened } = world.customers
  const limitOf = (row: number) => creditLimit[events.customer[row]!]!
  const incomeOf = (customer: number) => (losses.income[customer] ? Number.NaN : income[customer]!)
  return {
    card_type: named(['credit', 'debit'], (row) => (Number.isNaN(limitOf(row)) ? 1 : 0)),
    account_age_days: {
      numberOf: (row) => Math.floor((events.time[row]! - opened[events.customer[row]!]!) / DAY),
      step: 1,
    },
    declared_income: { numberOf: (row) => incomeOf(events.customer[row]!), step: 1 },
    credit_limit: { numberOf: limitOf, step: 1 },
  }
}

function history({ counters, risk, losses }: Parts): Record<string, Source> {
  const placed = (values: Float64Array): Source => ({
    numberOf: (row) => (losses.place[row] ? Number.NaN : values[row]!),
    step: 10,
  })
  return {
    is_new_device: numeric(counters.isNewDevice, 1),
    device_age_days: numeric(counters.deviceAgeDays, 100),
    limit_use: numeric(counters.limitUse, 10_000),
    count_1h: numeric(counters.count1h, 1),
    count_24h: numeric(counters.count24h, 1),
    count_7d: numeric(counters.count7d, 1),
    amount_1h: numeric(counters.amount1h, 1),
    amount_24h: numeric(counters.amount24h, 1),
    amount_7d: numeric(counters.amount7d, 1),
    amount_over_mean: numeric(counters.amountOverMean, 1000),
    minutes_since_last: numeric(counters.minutesSinceLast, 100),
    distance_from_home_km: placed(counters.distanceFromHome),
    distance_from_last_km: placed(counters.distanceFromLast),
    is_new_merchant: numeric(counters.isNewMerchant, 1),
    merchant_fraud_rate: numeric(risk, 100_000),
  }
}

function numeric(values: Float64Array, step: number): Source {
  return { numberOf: (row) => values[row]!, step }
}

function named(names: readonly string[], codeOf: (row: number) => number): Source {
  return { codeOf, nameOf: (code) => names[code]! }
}

function numbered(letter: string): (code: number) => string {
  return (code) => `${letter}${String(code).padStart(5, '0')}`
}

/** `step` is the number of parts of one that are kept: 100 keeps two decimals, the same on every machine. */
function numberValues(
  source: Extract<Source, { step: number }>,
  first: number,
  rowCount: number,
): Float64Array {
  const { numberOf, step } = source
  const values = new Float64Array(rowCount)
  for (let i = 0; i < rowCount; i++) {
    const value = numberOf(first + i)
    values[i] = step === 1 ? value : Math.round(value * step) / step
  }
  return values
}

/** Codes in the order of first appearance, so that no name stands in the table that no row holds. */
function textValues(source: Extract<Source, { codeOf: unknown }>, first: number, rowCount: number) {
  const codes = new Int32Array(rowCount)
  const categories: string[] = []
  const places: number[] = []
  for (let i = 0; i < rowCount; i++) {
    const code = source.codeOf(first + i)
    if (code === -1) {
      codes[i] = -1
      continue
    }
    let place = places[code]
    if (place === undefined) {
      place = categories.push(source.nameOf(code)) - 1
      places[code] = place
    }
    codes[i] = place
  }
  return { codes, categories }
}
