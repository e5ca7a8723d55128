import { FdsError } from '../errors.ts'
import type { NumberColumn, Table } from './table.ts'

/** Whole microseconds since 1970, or since midnight: of a double with seconds the nearest, exactly, up to the year 2255. */
export function microseconds(seconds: number): number {
  const whole = Math.floor(seconds)
  return whole * 1e6 + Math.round((seconds - whole) * 1e6)
}

/** CELL_INVALID names the first time that no file format can hold. */
export function requireWritableTimes(file: string, table: Table): void {
  for (const column of table.columns) {
    if (column.kind !== 'text' && column.kind in RANGES) requireRange(file, column)
  }
}

const RANGES: Readonly<Record<string, { from: number; below: number; expected: string }>> = {
  timestamp: {
    from: -62_135_596_800,
    below: 253_402_300_799.9999,
    expected: 'a time in the years 1 to 9999',
  },
  date: { from: -62_135_596_800, below: 253_402_300_799.9999, expected: 'a date in the years 1 to 9999' },
  time: { from: 0, below: 86_399.999_999_5, expected: 'a time of day' },
}

function requireRange(file: string, { name, kind, values }: NumberColumn): void {
  const { from, below, expected } = RANGES[kind]!
  const row = values.findIndex((value) => !(value >= from && value < below) && !Number.isNaN(value))
  if (row < 0) return
  throw new FdsError('CELL_INVALID', {
    file,
    row: row + 1,
    column: name,
    expected,
    got: `${values[row]} seconds`,
  })
}
