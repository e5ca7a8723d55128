import { FdsError } from '../errors.ts'
import { createRandom, type Random } from '../math/random.ts'
import { createCalendar, type DriftKind } from './simulator-calendar.ts'
import { countCards } from './simulator-counters.ts'
import { createCustomers } from './simulator-customers.ts'
import { EventLog, type Events } from './simulator-events.ts'
import { commitFraud, FRAUD_RATE } from './simulator-fraud.ts'
import { drawLabelTimes, merchantRisk } from './simulator-labels.ts'
import { spendLegitimately } from './simulator-legitimate.ts'
import { createMerchants, FEWEST_MERCHANTS } from './simulator-merchants.ts'
import { drawLosses } from './simulator-missing.ts'
import { FRAUD_PATTERNS } from './simulator-patterns.ts'
import type { World } from './simulator-purchase.ts'
import { assembleTable } from './simulator-table.ts'
import type { Table } from './table.ts'

export interface SimulatorOptions {
  /** 1 to 10,000,000. */
  readonly rows: number
  /** Any whole number; the same options give the same bytes. */
  readonly seed: number
  /** What happens in the second half of the period; default 'none'. */
  readonly drift?: DriftKind
  /** First second of the 180-day period, since 1970 UTC, from 1971 to 2100; default 2025-01-01. */
  readonly start?: number
}

export interface SimulatedData {
  /** Rows by time; the columns of SIMULATED_COLUMNS. */
  readonly table: Table
  /** When each row's label becomes known: seconds since 1970 UTC. */
  readonly labelTimes: Float64Array
  /** Names of the fraud patterns. */
  readonly patterns: readonly string[]
  /** Index into `patterns` for each row; −1 is legitimate. Not a column: it would give the label away. */
  readonly patternCodes: Int8Array
}

/** What each column of the simulated table is for. */
export const SIMULATED_ROLES = {
  label: 'isFraud',
  time: 'transaction_time',
  id: 'transaction_id',
  entity: 'customer_id',
  amount: 'amount',
} as const

/**
 * Simulates the card payments of one issuer over 180 days: one customer for every 50 rows, 1 % fraud
 * in five patterns, labels that arrive 5–60 days late. A larger table has more customers, not more
 * history, so that 20,000 rows are as learnable as 2,000,000. Ninety days before the period are simulated
 * too and left out: counters are warm in the first row.
 *
 * Errors: PARAM_INVALID. Cost O(rows log rows); about one second and 250 MB for 200,000 rows, ten seconds
 * and 1.4 GB for 2,000,000.
 *
 * @example
 * simulateTransactions({ rows: 1000, seed: 1 }).table.rowCount // 1000
 */
export function simulateTransactions(options: SimulatorOptions): SimulatedData {
  const { rows, seed, drift = 'none', start = Date.UTC(2025, 0, 1) / 1000 } = options
  requireWhole('rows', rows, { least: 1, most: 10_000_000 })
  requireWhole('seed', seed, { least: Number.MIN_SAFE_INTEGER, most: Number.MAX_SAFE_INTEGER })
  requireWhole('start', start, { least: 31_536_000, most: 4_102_444_800 })
  requireDrift(drift)

  const random = createRandom(seed)
  const world = createWorld({ rows, start, drift, random })
  const events = simulateEvents({ world, rows, random })
  const labelTimes = drawLabelTimes(events, random.fork('labels'))
  const { customers, merchants } = world
  const first = events.count - rows
  const table = assembleTable({
    world,
    events,
    counters: countCards({ events, customers, merchantCount: merchants.count }),
    risk: merchantRisk({ events, labelTimes, merchantCount: merchants.count }),
    losses: drawLosses({
      rows: events.count,
      opened: customers.opened,
      start,
      random: random.fork('missing'),
    }),
    first,
    idPrefix: random.fork(`id/${rows}/${start}/${drift}`).uint32().toString(36),
  })
  return {
    table,
    labelTimes: labelTimes.slice(first),
    patterns: FRAUD_PATTERNS.map(({ name }) => name),
    patternCodes: events.pattern.slice(first),
  }
}

/** The calendar, customers and merchants behind `rows` rows. */
export function createWorld(input: { rows: number; start: number; drift: DriftKind; random: Random }): World {
  const { rows, start, drift, random } = input
  const calendar = createCalendar({ start, drift })
  return {
    calendar,
    customers: createCustomers({
      count: Math.ceil(rows / 50),
      calendar,
      random: random.fork('customers'),
    }),
    merchants: createMerchants(
      Math.max(2 * FEWEST_MERCHANTS, Math.ceil(rows / 100)),
      random.fork('merchants'),
    ),
  }
}

/** Every payment by time, warm-up included: the last `rows` lie within the period. */
export function simulateEvents(input: { world: World; rows: number; random: Random }): Events {
  const { world, rows, random } = input
  const frauds = Math.max(1, Math.round(rows * FRAUD_RATE))
  const log = new EventLog(Math.ceil(rows * 1.55) + 1000)
  const strangeDevices = { next: 0 }
  commitFraud({ world, rows: frauds, log, strangeDevices, random: random.fork('fraud') })
  // fraud comes with legitimate visits to breached merchants: they count among the rows
  const planted = log.countWithin(world.calendar.start, world.calendar.end) - frauds
  spendLegitimately({
    world,
    rows: rows - frauds - planted,
    log,
    strangeDevices,
    random: random.fork('legitimate'),
  })
  return log.byTime()
}

function requireWhole(name: string, value: number, range: { least: number; most: number }): void {
  if (Number.isSafeInteger(value) && value >= range.least && value <= range.most) return
  throw new FdsError('PARAM_INVALID', {
    name,
    expected: `a whole number from ${range.least} to ${range.most}`,
    got: String(value),
  })
}

function requireDrift(drift: string): void {
  if (['none', 'gradual', 'sudden'].includes(drift)) return
  throw new FdsError('PARAM_INVALID', {
    name: 'drift',
    expected: 'none, gradual or sudden',
    got: String(drift),
  })
}
