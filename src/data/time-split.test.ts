import assert from 'node:assert/strict'
import test from 'node:test'
import { createRandom } from '../math/random.ts'
import type { Column, Table } from './table.ts'
import { splitByTime, type TimeSplitInput } from './time-split.ts'

test('holds out the last rows in time, ties in the order of the file', () => {
  const split = splitByTime({ table: timed([30, 10, 20, 20, 10, 20]), time: 't', holdout: 0.5 })
  assert.deepEqual(split, { train: Int32Array.of(1, 4, 2), holdout: Int32Array.of(3, 5, 0) })
})

test('takes the order of the file where there is no time column', () => {
  const split = splitByTime({ table: timed([30, 10, 20, 40]), holdout: 0.25 })
  assert.deepEqual(split, { train: Int32Array.of(0, 1, 2), holdout: Int32Array.of(3) })
})

test('leaves out rows whose label would not be known when the holdout begins', () => {
  const split = splitByTime({
    table: timed([0, 50, 89, 90, 91, 100, 120]),
    time: 't',
    holdout: 2 / 7,
    gapSeconds: 10,
  })
  assert.deepEqual(split, { train: Int32Array.of(0, 1, 2, 3), holdout: Int32Array.of(5, 6) })
})

test('trains on everything without a holdout, gap or no gap', () => {
  const split = splitByTime({ table: timed([3, 1, 2]), time: 't', holdout: 0, gapSeconds: 10 })
  assert.deepEqual(split, { train: Int32Array.of(1, 2, 0), holdout: Int32Array.of() })
})

test('says what it cannot split', () => {
  const table = timed([1, 2, 3, 4])
  const text: Column = { name: 't', kind: 'text', codes: Int32Array.of(0, 0, 0, 0), categories: ['x'] }
  const clock: Column = { name: 't', kind: 'time', values: Float64Array.of(1, 2, 3, 4) }
  const cases: readonly [input: TimeSplitInput, code: string, message: RegExp][] = [
    [{ table, holdout: 1 }, 'PARAM_INVALID', /"holdout" must be from 0 to below 1, got 1$/],
    [{ table, holdout: NaN }, 'PARAM_INVALID', /got NaN$/],
    [
      { table, holdout: 0.5, time: 't', gapSeconds: -1 },
      'PARAM_INVALID',
      /"gapSeconds" must be a finite number, 0 or more, got -1$/,
    ],
    [
      { table, holdout: 0.5, gapSeconds: 5 },
      'PARAM_INVALID',
      /"gapSeconds" must be 0 without a time column, got 5$/,
    ],
    [{ table, holdout: 0.5, time: 'x' }, 'COLUMN_MISSING', /No column "x"/],
    [
      { table: { rowCount: 4, columns: [text] }, holdout: 0.5, time: 't' },
      'COLUMN_TYPE_INVALID',
      /got text$/,
    ],
    [
      { table: { rowCount: 4, columns: [clock] }, holdout: 0.5, time: 't' },
      'COLUMN_TYPE_INVALID',
      /got time$/,
    ],
    [
      { table: timed([1, NaN, 3]), holdout: 0.5, time: 't' },
      'COLUMN_TYPE_INVALID',
      /a time in every row, got nothing in row 2$/,
    ],
    [
      { table: timed([1, 2, Infinity]), holdout: 0.5, time: 't' },
      'COLUMN_TYPE_INVALID',
      /got Infinity in row 3$/,
    ],
    [
      { table, holdout: 0.5, time: 't', gapSeconds: 100 },
      'ROWS_TOO_FEW',
      /The training part must have at least 1 rows, got 0$/,
    ],
    [{ table, holdout: 0.1 }, 'ROWS_TOO_FEW', /The holdout must have at least 1 rows, got 0$/],
    [{ table: timed([]), holdout: 0 }, 'ROWS_TOO_FEW', /The training part/],
  ]
  for (const [input, code, message] of cases) assert.throws(() => splitByTime(input), { code, message })
})

test('agrees with the slow definition in 400 seeded cases', () => {
  const random = createRandom(3)
  const outcomes = { refused: 0, gaps: 0, whole: 0 }
  for (let round = 0; round < 400; round++) {
    const near = random.next() < 0.5
    const time = () => (near ? random.int(121) - 60 : (random.next() - 0.5) * 1e10)
    const times = Array.from({ length: random.int(1200) }, time)
    const holdout = random.int(4) === 0 ? 0 : random.int(100) / 100
    const gapSeconds = random.int(3) === 0 ? 0 : random.int(90)
    const expected = slowSplit(times, holdout, gapSeconds)
    const split = () => splitByTime({ table: timed(times), time: 't', holdout, gapSeconds })
    if (expected.train.length === 0 || (holdout > 0 && expected.holdout.length === 0)) {
      assert.throws(split, { code: 'ROWS_TOO_FEW' })
      outcomes.refused++
      continue
    }
    const { train, holdout: held } = split()
    assert.deepEqual({ train: [...train], holdout: [...held] }, expected)
    outcomes[train.length + held.length < times.length ? 'gaps' : 'whole']++
  }
  assert.ok(Math.min(...Object.values(outcomes)) > 40, JSON.stringify(outcomes))
})

function slowSplit(
  times: readonly number[],
  holdout: number,
  gap: number,
): { train: number[]; holdout: number[] } {
  const rows = [...times.keys()].sort((a, b) => times[a]! - times[b]! || a - b)
  const held = Math.round(times.length * holdout)
  const late = rows.slice(rows.length - held)
  const early = rows.slice(0, rows.length - held)
  return {
    train: held === 0 ? early : early.filter((row) => times[row]! <= times[late[0]!]! - gap),
    holdout: late,
  }
}

function timed(times: readonly number[]): Table {
  return {
    rowCount: times.length,
    columns: [{ name: 't', kind: 'timestamp', values: Float64Array.from(times) }],
  }
}
