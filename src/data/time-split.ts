import { FdsError } from '../errors.ts'
import { argsortDescending } from '../math/argsort.ts'
import { columnOf, type Table } from './table.ts'

/** Row indices, each part in time order. */
export interface TimeSplit {
  readonly train: Int32Array
  readonly holdout: Int32Array
}

export interface TimeSplitInput {
  readonly table: Table
  /** A timestamp, date or number column; the file's order counts as time without it. */
  readonly time?: string
  /** Share of the rows to hold out, from 0 (none) to below 1; rounded to whole rows. */
  readonly holdout: number
  /** Rows less than this long before the first held-out row are left out; default 0. In the time column's unit. */
  readonly gapSeconds?: number
}

/**
 * Splits in time: the last rows are held out, the earlier ones are for training. Rows of equal time keep the
 * file's order, and one such group may be cut. With a gap, training ends where labels would have been known
 * when the holdout began: its rows have time ≤ (time of the first held-out row) − gap.
 *
 * Errors: PARAM_INVALID (holdout, gapSeconds, a gap without a time column); COLUMN_MISSING;
 * COLUMN_TYPE_INVALID (another kind of column, a row without a finite time); ROWS_TOO_FEW when a part that
 * was asked for has no row. Cost O(n).
 *
 * @example
 * splitByTime({ table: { rowCount: 5, columns: [] }, holdout: 0.4 }).holdout // Int32Array(2) [ 3, 4 ]
 */
export function splitByTime({ table, time, holdout, gapSeconds = 0 }: TimeSplitInput): TimeSplit {
  requireShare(holdout)
  requireGap(gapSeconds, time)
  const times = time === undefined ? undefined : timesOf(table, time)
  const order = times ? rowsByTime(times) : Int32Array.from({ length: table.rowCount }, (_, row) => row)
  const first = order.length - Math.round(order.length * holdout)
  const held = order.subarray(first)
  const earlier = order.subarray(0, first)
  const end = times && held.length > 0 ? times[held[0]!]! - gapSeconds : Number.POSITIVE_INFINITY
  const train = times ? earlier.subarray(0, countUpTo(earlier, times, end)) : earlier
  requireRows('The training part', train)
  if (holdout > 0) requireRows('The holdout', held)
  return { train: train.slice(), holdout: held.slice() }
}

function requireShare(holdout: number): void {
  if (holdout >= 0 && holdout < 1) return
  throw new FdsError('PARAM_INVALID', {
    name: 'holdout',
    expected: 'from 0 to below 1',
    got: String(holdout),
  })
}

function requireGap(gapSeconds: number, time: string | undefined): void {
  const valid = gapSeconds >= 0 && Number.isFinite(gapSeconds) && (gapSeconds === 0 || time !== undefined)
  if (valid) return
  const expected = time === undefined ? '0 without a time column' : 'a finite number, 0 or more'
  throw new FdsError('PARAM_INVALID', { name: 'gapSeconds', expected, got: String(gapSeconds) })
}

function timesOf(table: Table, name: string): Float64Array {
  const column = columnOf(table, name)
  const { kind } = column
  if (kind !== 'timestamp' && kind !== 'date' && kind !== 'number') {
    throw new FdsError('COLUMN_TYPE_INVALID', {
      column: name,
      expected: 'a timestamp, date or number',
      got: kind,
    })
  }
  const row = column.values.findIndex((value) => !Number.isFinite(value))
  if (row < 0) return column.values
  const got = Number.isNaN(column.values[row])
    ? `nothing in row ${row + 1}`
    : `${column.values[row]} in row ${row + 1}`
  throw new FdsError('COLUMN_TYPE_INVALID', { column: name, expected: 'a time in every row', got })
}

function rowsByTime(times: Float64Array): Int32Array {
  return new Int32Array(argsortDescending(times.map((time) => -time)))
}

/** How many of the rows, sorted by time, lie at or before `end`. */
function countUpTo(rows: Int32Array, times: Float64Array, end: number): number {
  let low = 0
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (times[rows[middle]!]! <= end) low = middle + 1
    else high = middle
  }
  return low
}

function requireRows(what: string, rows: Int32Array): void {
  if (rows.length === 0) throw new FdsError('ROWS_TOO_FEW', { needed: 1, got: 0, what })
}
