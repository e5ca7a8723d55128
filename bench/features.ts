import { type Column, selectRows, type Table, tableRows } from '../src/data/table.ts'
import { createRowTransformer, featureNames, fitFeatures, transformTable } from '../src/features/index.ts'
import { createRandom } from '../src/math/random.ts'
import { timed } from './timed.ts'

const ROWS = 200_000
const LIVE_ROWS = 20_000

/**
 * How long 40 columns (30 numbers, seven texts of 5 to 100,000 categories, a timestamp, a date, a boolean) take to
 * fit, to transform as a table, and one live transaction at a time. One warm-up, then seven rounds: minimum and
 * mean. The targets are under a second for the table and under 5 µs a transaction.
 */
export async function benchFeatures(): Promise<readonly { name: string; value: string }[]> {
  const table = cardTable()
  const random = createRandom(2)
  const labels = Uint8Array.from({ length: ROWS }, () => Number(random.next() < 0.01))
  const { spec } = fitFeatures({ table, labels, roles: {} })
  const live = [
    ...tableRows(
      selectRows(
        table,
        Int32Array.from({ length: LIVE_ROWS }, (_, row) => row),
      ),
    ),
  ]
  const transform = createRowTransformer(spec)
  const out = new Float32Array(featureNames(spec).length)
  const size = `${ROWS.toLocaleString('en')} × ${table.columns.length}`
  return [
    figure(`fit features, ${size}`, 1, () => fitFeatures({ table, labels, roles: {} })),
    figure(`transform a table, ${size}`, 1, () => transformTable(spec, table)),
    figure('transform one live transaction', LIVE_ROWS, () => {
      for (const transaction of live) transform(transaction, out)
      return out
    }),
  ]
}

function figure(name: string, calls: number, measure: () => unknown): { name: string; value: string } {
  const { least, mean } = timed(measure)
  const shown = (time: number): string =>
    calls === 1 ? `${time.toFixed(0)} ms` : `${((time / calls) * 1000).toFixed(2)} µs`
  return { name, value: `${shown(least)} at best, ${shown(mean)} on average` }
}

function cardTable(): Table {
  const random = createRandom(1)
  const values = (value: (row: number) => number): Float64Array =>
    Float64Array.from({ length: ROWS }, (_, row) => (random.next() < 0.05 ? Number.NaN : value(row)))
  const numbers = Array.from({ length: 30 }, (_, i): Column => {
    return { name: `number ${i}`, kind: 'number', values: values(() => random.normal()) }
  })
  const texts = [5, 12, 16, 100, 700, 20_000, 100_000].map((size): Column => {
    const categories = Array.from({ length: size }, (_, i) => `category ${i}`)
    const codes = Int32Array.from({ length: ROWS }, () => random.int(size))
    return { name: `text ${size}`, kind: 'text', categories, codes }
  })
  const columns: Column[] = [
    ...numbers,
    ...texts,
    { name: 'timestamp', kind: 'timestamp', values: values((row) => 1_735_689_600 + row) },
    { name: 'date', kind: 'date', values: values((row) => (row % 3000) * 86_400) },
    { name: 'boolean', kind: 'boolean', values: values((row) => row % 2) },
  ]
  return { rowCount: ROWS, columns }
}
