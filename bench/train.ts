// How long training and prediction take, on seeded data, on one thread.
import type { Matrix } from '../src/math/matrix.ts'
import { createRandom } from '../src/math/random.ts'
import { type Booster, parseParams, trainBooster } from '../src/model/index.ts'

interface Figure {
  readonly name: string
  readonly value: string
}

/** Times are the least and the median of five runs after one to warm up; big sizes take one run. */
const RUNS = 5
const BIG_CELLS = 5_000_000

/**
 * Trains 100 rounds of depth 6 on normal columns with 5 % missing values, from floats as `fit` does, then
 * predicts: all rows at once, and one row after another.
 */
export async function benchTrain({ rows = 20_000, columns = 30 } = {}): Promise<readonly Figure[]> {
  const data = makeData(rows, columns)
  const params = parseParams({ n_estimators: 100, max_depth: 6 })
  const isBig = rows * columns > BIG_CELLS
  let booster: Booster | undefined
  const training = timesOf(isBig ? 1 : RUNS, () => {
    booster = trainBooster(params, data)
  })
  if (booster === undefined) return []
  const trained = booster
  const row = data.x.values.subarray(0, columns)
  const rowCalls = 20_000
  // the sum is printed, so that no call can be left out
  let sink = 0
  const batch = timesOf(RUNS, () => {
    sink += trained.predict(data.x)[rows - 1]!
  })
  const single = timesOf(RUNS, () => {
    for (let i = 0; i < rowCalls; i++) sink += trained.predictRow(row)
  })
  const size = `${rows} × ${columns}, depth 6, 100 rounds`
  return [
    { name: `train ${size}`, value: secondsText(training) },
    { name: `predict ${rows} rows × 100 trees`, value: secondsText(batch) },
    { name: 'predict one row × 100 trees', value: `${((single[0]! * 1000) / rowCalls).toFixed(2)} µs` },
    { name: 'sum of the predictions above', value: sink.toFixed(1) },
  ]
}

function makeData(rows: number, columns: number): { x: Matrix; y: Uint8Array } {
  const random = createRandom(1)
  const values = new Float32Array(rows * columns)
  const y = new Uint8Array(rows)
  for (let row = 0; row < rows; row++) {
    const start = row * columns
    for (let f = 0; f < columns; f++) values[start + f] = random.normal()
    const score = values[start]! + values[start + 1]! * values[start + 2]! + random.normal()
    y[row] = score > 1.5 ? 1 : 0
    for (let f = 0; f < columns; f++) if (random.next() < 0.05) values[start + f] = Number.NaN
  }
  return { x: { rowCount: rows, columnCount: columns, values }, y }
}

/** Milliseconds of each run, the shortest first. */
function timesOf(runs: number, work: () => void): readonly number[] {
  if (runs > 1) work()
  const times = Array.from({ length: runs }, () => {
    const start = performance.now()
    work()
    return performance.now() - start
  })
  return times.sort((a, b) => a - b)
}

function secondsText(times: readonly number[]): string {
  const least = times[0]! / 1000
  const median = times[Math.floor(times.length / 2)]! / 1000
  return `${least.toFixed(3)} s (median ${median.toFixed(3)} s)`
}
