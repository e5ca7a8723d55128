import type { Cell } from '../data/transaction.ts'
import type { ColumnKind } from './feature-spec.ts'
import { parseTimeOfDay, parseTimestamp } from './parse-time.ts'

/**
 * Reads one JSON value of a column: its number (of a text column the category's code), NaN for missing,
 * `undefined` for a value of the wrong type.
 */
export type CellReader = (cell: Cell | undefined) => number | undefined

/** The code of a category; NaN for the empty text, which is missing. */
export type CodeOf = (text: string) => number

/** What each kind of column takes, in words for a message. */
export const EXPECTED: Readonly<Record<ColumnKind, string>> = {
  number: 'a number',
  boolean: 'true, false, 0 or 1',
  timestamp: 'an ISO 8601 timestamp or seconds since 1970',
  date: 'an ISO 8601 date or seconds since 1970',
  time: 'a time of day (HH:MM:SS) or seconds since midnight',
  text: 'a text',
}

/** The code of each known category is its place; every other text has the code after the last. */
export function categoryCodes(categories: readonly string[]): CodeOf {
  const codes = new Map(categories.map((category, code) => [category, code]))
  return (text) => (text === '' ? Number.NaN : (codes.get(text) ?? categories.length))
}

/** The reader of a column that features are made of; `null` and `undefined` are missing. */
export function cellReader(kind: ColumnKind, codeOf: CodeOf): CellReader {
  const read = kind === 'text' ? textReader(codeOf) : READERS[kind]
  return (cell) => (cell === null || cell === undefined ? Number.NaN : read(cell))
}

/** The reader of a column that no feature is made of: takes any JSON value but lists and objects. */
export function unusedCellReader(cell: Cell | undefined): number | undefined {
  return typeof cell === 'object' && cell !== null ? undefined : Number.NaN
}

const LAST_INSTANT = 8.64e12

type Present = number | string | boolean

const READERS: Readonly<Record<Exclude<ColumnKind, 'text'>, (cell: Present) => number | undefined>> = {
  number: finite,
  boolean: (cell) => (cell === true || cell === 1 ? 1 : cell === false || cell === 0 ? 0 : undefined),
  timestamp: (cell) => (typeof cell === 'string' ? parseTimestamp(cell) : instant(cell)),
  date: (cell) => (typeof cell === 'string' ? parseTimestamp(cell) : instant(cell)),
  time: (cell) => (typeof cell === 'string' ? parseTimeOfDay(cell) : finite(cell)),
}

/** Seconds since 1970 that a calendar can hold, as far as JavaScript's Date. */
function instant(cell: Present): number | undefined {
  const seconds = finite(cell)
  return seconds !== undefined && Math.abs(seconds) <= LAST_INSTANT ? seconds : undefined
}

function finite(cell: Present): number | undefined {
  return typeof cell === 'number' && Number.isFinite(cell) ? cell : undefined
}

/** Numbers and booleans become the text that JavaScript's `String` gives them: 1234, 0.5, true. */
function textReader(codeOf: CodeOf): (cell: Present) => number | undefined {
  return (cell) => {
    if (typeof cell === 'string') return codeOf(cell)
    return typeof cell === 'boolean' || finite(cell) !== undefined ? codeOf(String(cell)) : undefined
  }
}
