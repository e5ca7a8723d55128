// A report of 447 columns as a fraud model has them: most of them calm, some moved, some broken, names that attack.
import type { Table } from '../../src/data/index.ts'
import { createRandom } from '../../src/math/index.ts'
import { DataDriftPreset, DataSummaryPreset, Report, type ReportResult } from '../../src/monitoring/index.ts'

export const COLUMNS = 447
export const HOSTILE = `</script><img src=x onerror="document.title='owned'">`
const ROWS = 2000
export const KOREAN = '결제_국가'

const random = createRandom(447)
const numbers = (draw: () => number, missing = 0) =>
  Float64Array.from({ length: ROWS }, () => (random.next() < missing ? Number.NaN : draw()))
const texts = (shares: Readonly<Record<string, number>>) => {
  const categories = Object.keys(shares)
  const codes = Int32Array.from({ length: ROWS }, () => {
    let left = random.next()
    return Math.max(
      0,
      categories.findIndex((category) => {
        left -= shares[category]!
        return left < 0
      }),
    )
  })
  return { kind: 'text', categories, codes } as const
}
const number = (name: string, draw: () => number, missing = 0) =>
  ({ name, kind: 'number', values: numbers(draw, missing) }) as const
const amount = (shift: number) => () => Math.exp(3 + shift + 1.5 * random.normal())
const filler = (i: number, shift = 0) => number(`V${i}`, () => random.normal() + shift, (i % 5) / 20)
const fillers = (shift: (i: number) => number) =>
  Array.from({ length: COLUMNS - 9 }, (_, i) => filler(i + 1, shift(i + 1)))

const reference: Table = {
  rowCount: ROWS,
  columns: [
    number('isFraud', () => Number(random.next() < 0.02)),
    number('fraud_probability', () => random.next() ** 4),
    number('TransactionAmt', amount(0)),
    { name: KOREAN, ...texts({ KR: 0.7, US: 0.2, JP: 0.1 }) },
    { name: HOSTILE, ...texts({ [HOSTILE]: 0.5, plain: 0.5 }) },
    number('days_since_last', () => 30 * random.next(), 0.01),
    number('gone_from_the_feed', () => random.normal()),
    { name: 'device', ...texts({ mobile: 0.6, desktop: 0.4 }) },
    { ...number('paid_at', () => 1.7e9 + 1e6 * random.next()), kind: 'timestamp' as const },
    ...fillers(() => 0),
  ],
}
const current = (isBroken: boolean): Table => ({
  rowCount: ROWS,
  columns: [
    number('isFraud', () => Number(random.next() < 0.025)),
    number('fraud_probability', () => random.next() ** 3),
    number('TransactionAmt', amount(0.75)),
    { name: KOREAN, ...texts({ KR: 0.4, US: 0.2, JP: 0.2, VN: 0.2 }) },
    { name: HOSTILE, ...texts({ [HOSTILE]: 0.1, plain: 0.9 }) },
    number('days_since_last', () => 30 * random.next(), 0.4),
    ...(isBroken ? [] : [number('gone_from_the_feed', () => random.normal())]),
    { name: 'device', ...texts({ mobile: 0.6, desktop: 0.4 }) },
    { ...number('paid_at', () => 1.7e9 + 1e6 * random.next()), kind: 'timestamp' as const },
    ...fillers((i) => (i % 40 === 0 ? 1 : i % 30 === 0 ? 0.45 : 0)),
    ...(isBroken ? [number('new_feature', () => random.next())] : []),
  ],
})

/** The report behind the page of the browser test; `isBroken`: one column is gone and another is new. */
export function pageReport({ isBroken = false } = {}): ReportResult {
  const importance = Object.fromEntries(reference.columns.map(({ name }, i) => [name, 100 / (i + 1)]))
  return new Report([new DataDriftPreset({ importance })]).run({ reference, current: current(isBroken) })
}

/** A summary alone, with its tests. */
export function summaryReport(): ReportResult {
  const columns = [KOREAN, HOSTILE, 'TransactionAmt', 'device']
  const preset = new DataSummaryPreset({ columns })
  return new Report([preset], { includeTests: true }).run({ reference, current: current(false) })
}
