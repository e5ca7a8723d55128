import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { FdsError } from '../errors.ts'
import {
  SIMULATED_ROLES,
  type SimulatedData,
  type SimulatorOptions,
  simulateTransactions,
} from './simulator.ts'
import { SIMULATED_COLUMNS } from './simulator-columns.ts'
import { type Column, columnOf } from './table.ts'

const DAY = 86_400
const START = Date.UTC(2025, 0, 1) / 1000

test('gives the same bytes for the same options, on every machine', () => {
  // change these only with a change that is meant to alter the data, and say so in the changelog
  const golden = {
    none: 'a2ae2bec0faff6e0195e5aded682a0621e323871070f5283554c2877e5fbd69a',
    gradual: 'cdad550e1fa3f6b0b0f7b9b26777a5cadd015f4b8a524c763c20aed453c6b683',
    sudden: '737037d2b956afbc044d60e55156ab6c5545f0c7309acee6dae8252fbae6023e',
  }
  for (const drift of ['none', 'gradual', 'sudden'] as const) {
    assert.equal(hashOf(simulateTransactions({ rows: 3000, seed: 1, drift })), golden[drift])
  }
})

test('gives other data and other ids for another seed', () => {
  const one = simulateTransactions({ rows: 500, seed: 1 })
  const two = simulateTransactions({ rows: 500, seed: 2 })
  assert.notEqual(hashOf(one), hashOf(two))
  const ids = new Set([...textsOf(one, 'transaction_id'), ...textsOf(two, 'transaction_id')])
  assert.equal(ids.size, 1000)
})

test('has exactly the rows asked for, by time, within 180 days, with both classes and unique ids', () => {
  for (const rows of [1, 2, 99, 100, 1234, 20_000]) {
    const data = simulateTransactions({ rows, seed: 3 })
    const time = numbersOf(data, 'transaction_time')
    const labels = numbersOf(data, 'isFraud')
    assert.equal(data.table.rowCount, rows)
    assert.ok(data.table.columns.every((column) => lengthOf(column) === rows))
    assert.ok(time.every((value, i) => Number.isInteger(value) && (i === 0 || value >= time[i - 1]!)))
    assert.ok(time[0]! >= START && time[rows - 1]! < START + 180 * DAY)
    assert.equal(new Set(textsOf(data, 'transaction_id')).size, rows)
    assert.equal(sum(labels), Math.max(1, Math.round(rows * 0.01)))
  }
})

test('begins at the given second', () => {
  const start = Date.UTC(2024, 1, 29, 12) / 1000
  const time = numbersOf(simulateTransactions({ rows: 5000, seed: 1, start }), 'transaction_time')
  assert.ok(time[0]! >= start && time[0]! < start + DAY)
  assert.ok(time.at(-1)! < start + 180 * DAY)
})

test('spreads payments and frauds over the whole period', () => {
  const data = simulateTransactions({ rows: 20_000, seed: 1 })
  const time = numbersOf(data, 'transaction_time')
  const labels = numbersOf(data, 'isFraud')
  for (let month = 0; month < 6; month++) {
    const from = START + 30 * month * DAY
    const rows = [...time.keys()].filter((row) => time[row]! >= from && time[row]! < from + 30 * DAY)
    const frauds = rows.filter((row) => labels[row] === 1).length
    assert.ok(rows.length > 2500 && rows.length < 4500, `month ${month} has ${rows.length} rows`)
    assert.ok(frauds > 15 && frauds < 60, `month ${month} has ${frauds} frauds`)
  }
})

test('has the columns of SIMULATED_COLUMNS and a column for each role', () => {
  const { table } = simulateTransactions({ rows: 300, seed: 1 })
  assert.deepEqual(
    table.columns.map(({ name, kind }) => ({ name, kind })),
    SIMULATED_COLUMNS.map(({ name, kind }) => ({ name, kind })),
  )
  assert.equal(table.columns.at(-1)?.name, SIMULATED_ROLES.label)
  for (const name of Object.values(SIMULATED_ROLES)) assert.ok(columnOf(table, name))
})

test('stores only texts that some row holds', () => {
  for (const column of simulateTransactions({ rows: 300, seed: 1 }).table.columns) {
    if (column.kind !== 'text') continue
    assert.deepEqual([...new Set(column.codes)].filter((code) => code >= 0).sort(byValue), [
      ...column.categories.keys(),
    ])
  }
})

test('keeps values within their meaning', () => {
  const data = simulateTransactions({ rows: 20_000, seed: 5 })
  const within = (name: string, least: number, most: number) =>
    numbersOf(data, name).every((value) => Number.isNaN(value) || (value >= least && value <= most))
  assert.ok(within('amount', 100, 1e9))
  assert.ok(within('hour', 0, 23))
  assert.ok(within('account_age_days', 0, 4000))
  assert.ok(within('device_age_days', 0, 1000))
  assert.ok(within('distance_from_home_km', 0, 20_038))
  assert.ok(within('merchant_fraud_rate', 0, 1))
  assert.ok(within('minutes_since_last', 0, 270 * 24 * 60))
  assert.ok(within('limit_use', 0, 1000))
})

test('tells labels 5 to 60 days later, and the absence of a chargeback after 60', () => {
  const data = simulateTransactions({ rows: 20_000, seed: 1 })
  const time = numbersOf(data, 'transaction_time')
  const delays = data.labelTimes.map((known, row) => (known - time[row]!) / DAY)
  const frauds = [...delays.keys()].filter((row) => data.patternCodes[row] !== -1)
  assert.ok(frauds.every((row) => delays[row]! >= 5 && delays[row]! <= 60))
  assert.ok(delays.every((delay, row) => data.patternCodes[row] !== -1 || delay === 60))
  const mean = sum(frauds.map((row) => delays[row]!)) / frauds.length
  assert.ok(mean > 18 && mean < 28, `mean delay ${mean}`)
})

test('names a pattern for each fraud and for nothing else', () => {
  const data = simulateTransactions({ rows: 5000, seed: 1 })
  const labels = numbersOf(data, 'isFraud')
  assert.ok(data.patternCodes.every((code, row) => (code === -1 ? 0 : 1) === labels[row]))
  assert.ok(data.patternCodes.every((code) => code < data.patterns.length))
  assert.equal(data.patterns.length, 5)
})

test('has no column that gives the label away by itself', () => {
  const data = simulateTransactions({ rows: 20_000, seed: 1 })
  const labels = numbersOf(data, 'isFraud')
  for (const column of data.table.columns.slice(0, -1)) {
    if (column.name === 'transaction_id' || column.name === 'customer_id') continue
    const scores = column.kind === 'text' ? rateOfText(column.codes, labels) : column.values
    for (const missing of [-Infinity, Infinity]) {
      const area = auc(
        Array.from(scores, (score) => (Number.isNaN(score) ? missing : score)),
        labels,
      )
      assert.ok(Math.max(area, 1 - area) < 0.9, `${column.name} alone has AUC ${area}`)
    }
  }
})

test('moves the amounts of the second half under drift, and only then', () => {
  const psi = (drift: 'none' | 'gradual' | 'sudden', from: number) => {
    const data = simulateTransactions({ rows: 20_000, seed: 2, drift })
    const time = numbersOf(data, 'transaction_time')
    const amount = numbersOf(data, 'amount')
    const middle = START + 90 * DAY
    return stabilityIndex(
      amount.filter((_, row) => time[row]! < middle),
      amount.filter((_, row) => time[row]! >= START + from * DAY),
    )
  }
  assert.ok(psi('none', 90) < 0.02)
  assert.ok(psi('sudden', 90) > 0.25)
  assert.ok(psi('gradual', 150) > 0.2)
  assert.ok(psi('gradual', 90) < psi('gradual', 150), 'gradual drift grows')
})

test('shifts payments online and frauds to other patterns under drift', () => {
  const shares = (drift: 'none' | 'sudden') => {
    const data = simulateTransactions({ rows: 20_000, seed: 2, drift })
    const time = numbersOf(data, 'transaction_time')
    const channel = textsOf(data, 'channel')
    const late = [...time.keys()].filter((row) => time[row]! >= START + 90 * DAY)
    const frauds = late.filter((row) => data.patternCodes[row] !== -1)
    const taken = frauds.filter((row) => data.patterns[data.patternCodes[row]!] === 'account_takeover')
    return {
      online: late.filter((row) => channel[row] === 'online').length / late.length,
      takeover: taken.length / frauds.length,
    }
  }
  const none = shares('none')
  const sudden = shares('sudden')
  assert.ok(sudden.online > none.online + 0.1)
  assert.ok(sudden.takeover > none.takeover + 0.04)
})

test('is the same before the middle with and without drift, in distribution', () => {
  const early = (drift: 'none' | 'sudden') => {
    const data = simulateTransactions({ rows: 20_000, seed: 2, drift })
    const time = numbersOf(data, 'transaction_time')
    return numbersOf(data, 'amount').filter((_, row) => time[row]! < START + 90 * DAY)
  }
  assert.ok(stabilityIndex(early('none'), early('sudden')) < 0.02)
})

test('refuses options that are not valid', () => {
  const refused: SimulatorOptions[] = [
    { rows: 0, seed: 1 },
    { rows: -5, seed: 1 },
    { rows: 1.5, seed: 1 },
    { rows: Number.NaN, seed: 1 },
    { rows: 10_000_001, seed: 1 },
    { rows: 10, seed: 0.5 },
    { rows: 10, seed: 1, start: 1.5 },
    { rows: 10, seed: 1, start: 0 },
    { rows: 10, seed: 1, drift: 'slow' as 'none' },
  ]
  for (const options of refused) {
    assert.throws(
      () => simulateTransactions(options),
      (error) => error instanceof FdsError && error.code === 'PARAM_INVALID',
    )
  }
})

function hashOf({ table, labelTimes, patternCodes }: SimulatedData): string {
  const hash = createHash('sha256')
  for (const column of table.columns) {
    hash.update(column.name)
    hash.update(column.kind === 'text' ? column.codes : column.values)
    if (column.kind === 'text') hash.update(column.categories.join('\n'))
  }
  return hash.update(labelTimes).update(patternCodes).digest('hex')
}

function numbersOf({ table }: SimulatedData, name: string): Float64Array {
  const column = columnOf(table, name)
  assert.ok(column.kind !== 'text')
  return column.values
}

function textsOf({ table }: SimulatedData, name: string): (string | undefined)[] {
  const column = columnOf(table, name)
  assert.ok(column.kind === 'text')
  return Array.from(column.codes, (code) => column.categories[code])
}

function lengthOf(column: Column): number {
  return column.kind === 'text' ? column.codes.length : column.values.length
}

/** The fraud rate of a row's text among all other rows: the best that one text column can say. */
function rateOfText(codes: Int32Array, labels: Float64Array): Float64Array {
  const rows = new Map<number, number>()
  const frauds = new Map<number, number>()
  codes.forEach((code, row) => {
    rows.set(code, (rows.get(code) ?? 0) + 1)
    frauds.set(code, (frauds.get(code) ?? 0) + labels[row]!)
  })
  return Float64Array.from(
    codes,
    (code, row) => (frauds.get(code)! - labels[row]! + 0.2) / (rows.get(code)! - 1 + 20),
  )
}

/** Area under the ROC curve by rank sums, ties at their middle rank. */
function auc(scores: readonly number[], labels: Float64Array): number {
  const order = [...scores.keys()].sort((a, b) => byValue(scores[a]!, scores[b]!))
  let ranks = 0
  for (let i = 0; i < order.length; ) {
    let j = i
    while (j < order.length && scores[order[j]!] === scores[order[i]!]) j++
    for (const row of order.slice(i, j)) if (labels[row] === 1) ranks += (i + j + 1) / 2
    i = j
  }
  const frauds = sum(labels)
  return (ranks - (frauds * (frauds + 1)) / 2) / (frauds * (labels.length - frauds))
}

/** Population stability index over the tenths of the reference. */
function stabilityIndex(reference: Float64Array, current: Float64Array): number {
  const sorted = reference.toSorted()
  const edges = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((k) => sorted[Math.floor((k * sorted.length) / 10)]!)
  const shares = (values: Float64Array) => {
    const counts = new Float64Array(10)
    for (const value of values) counts[edges.filter((edge) => edge <= value).length]!++
    return counts.map((count) => count / values.length)
  }
  const expected = shares(reference)
  return sum(shares(current).map((share, k) => (share - expected[k]!) * Math.log(share / expected[k]!)))
}

function byValue(a: number, b: number): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

function sum(values: ArrayLike<number>): number {
  return Array.from(values).reduce((total, value) => total + value, 0)
}
