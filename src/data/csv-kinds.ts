import type { Kind } from './source.ts'

/** Unquoted, these are missing in a text column (most of pandas' list); elsewhere in any case, quoted or not. */
export const MISSING_TEXTS = [
  '',
  'NA',
  'N/A',
  'n/a',
  'NaN',
  'nan',
  'NULL',
  'null',
  'None',
  '<NA>',
  '#N/A',
] as const

const MISSING = new Set(MISSING_TEXTS.map((text) => text.toLowerCase()))

/** True for a cell that a column other than text takes as missing. */
export function isMissing(cell: string): boolean {
  return cell.length <= LONGEST_PADDED && MISSING.has(cell.trim().toLowerCase())
}

/**
 * True when a column of that kind takes the cell. Numbers are decimal with an optional exponent, `inf` and
 * `infinity`; booleans `true` and `false`; dates, times and timestamps ISO 8601, seconds optional, `Z` or an
 * offset optional. Each pattern is narrower than DuckDB's own cast, so that what it takes can be cast.
 *
 * @example
 * takesCell('date', '2025-02-29') // false
 */
export function takesCell(kind: Kind, cell: string): boolean {
  return kind === 'text' || TESTS[kind](cell.trim()) || isMissing(cell)
}

/**
 * Decides on kinds from cells: the first of number, boolean, time, date, timestamp and text that takes every
 * cell of a column; `undefined` while a column has had no value at all. A column of which nine in ten of at least
 * ten values are numbers is a column of numbers with faults, not of texts: reading it then names the fault.
 */
export class KindGuess {
  readonly #kinds: (Kind | undefined)[]
  readonly #numbers: Uint32Array
  readonly #others: Uint32Array

  constructor(columns: number) {
    this.#kinds = new Array(columns).fill(undefined)
    this.#numbers = new Uint32Array(columns)
    this.#others = new Uint32Array(columns)
  }

  see(column: number, cell: string): void {
    if (!isMissing(cell)) (NUMBER.test(cell.trim()) ? this.#numbers : this.#others)[column]! += 1
    const kind = this.#kinds[column]
    if (kind === 'text' || (kind !== undefined && TESTS[kind](cell.trim())) || isMissing(cell)) return
    this.#kinds[column] = kind === undefined ? kindOf(cell) : joined(kind, cell)
  }

  kindOf(column: number): Kind | undefined {
    const kind = this.#kinds[column]
    const [numbers, others] = [this.#numbers[column]!, this.#others[column]!]
    const isFaulty =
      kind === 'text' && numbers + others >= FEWEST_VALUES && numbers >= MOSTLY * (numbers + others)
    return isFaulty ? 'number' : kind
  }
}

const FEWEST_VALUES = 10
const MOSTLY = 0.9

const LONGEST_PADDED = 40
const NUMBER = /^[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|inf(?:inity)?)$/i
const DATE = /^(\d{4})-(\d\d)-(\d\d)$/
const CLOCK = String.raw`(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?`
const TIME = new RegExp(`^${CLOCK}$`)
const TIMESTAMP = new RegExp(
  `^(\\d{4}-\\d\\d-\\d\\d)(?:[T ]${CLOCK}(?:Z|[+-](?:0\\d|1[0-5])(?::?[0-5]\\d)?)?)?$`,
)

const TESTS: Readonly<Record<Exclude<Kind, 'text'>, (cell: string) => boolean>> = {
  number: (cell) => NUMBER.test(cell),
  boolean: (cell) => /^(?:true|false)$/i.test(cell),
  time: (cell) => TIME.test(cell),
  date: isDate,
  timestamp: (cell) => isDate(TIMESTAMP.exec(cell)?.[1] ?? ''),
}

const ORDER = Object.keys(TESTS) as Exclude<Kind, 'text'>[]

function kindOf(cell: string): Kind {
  const trimmed = cell.trim()
  return ORDER.find((kind) => TESTS[kind](trimmed)) ?? 'text'
}

/** The kind that takes both what `kind` took and this cell, which `kind` does not take. */
function joined(kind: Kind, cell: string): Kind {
  const both = new Set([kind, kindOf(cell)])
  return both.has('date') && both.has('timestamp') ? 'timestamp' : 'text'
}

function isDate(text: string): boolean {
  const match = DATE.exec(text)
  if (!match || match[1] === '0000') return false
  const day = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(day.getTime()) && day.toISOString().slice(0, 10) === text
}
