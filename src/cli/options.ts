import { InvalidArgumentError } from 'commander'
import { FdsError } from '../errors.ts'
import type { SearchRange } from '../pipeline/search-space.ts'

/** Bounds of an option's number, both included. */
interface Bounds {
  readonly min: number
  readonly max?: number
}

/** Parses a whole number within the bounds. */
export function integerOption(name: string, bounds: Bounds): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (/^-?\d+$/.test(text) && Number.isSafeInteger(value) && isWithin(value, bounds)) return value
    throw new InvalidArgumentError(`${name} must be a whole number ${boundsText(bounds)}.`)
  }
}

/** Parses a number within the bounds. */
export function numberOption(name: string, bounds: Bounds): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (text.trim() !== '' && Number.isFinite(value) && isWithin(value, bounds)) return value
    throw new InvalidArgumentError(`${name} must be a number ${boundsText(bounds)}.`)
  }
}

/** Parses the address of a PostgreSQL database; the message never repeats it, since it may hold a password. */
export function databaseOption(name: string): (text: string) => string {
  return (text) => {
    if (/^postgres(ql)?:\/\//.test(text) && URL.canParse(text)) return text
    throw new FdsError('USAGE', { reason: `${name} must be a postgres:// address, got another text` })
  }
}

/** Parses `A,B,C` into names. */
export function listOption(text: string): readonly string[] {
  return text.split(',').filter((name) => name !== '')
}

/** Collects repeated `--param k=v` into one object, the last of a name winning. */
export function paramOption(
  text: string,
  previous: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const [, name, value] = /^([^=]+)=(.*)$/.exec(text) ?? []
  if (name === undefined || value === undefined) {
    throw new FdsError('USAGE', { reason: `--param must be name=value, got ${text}` })
  }
  return { ...previous, [name]: value }
}

/** Collects repeated `--search name=low:high[:log]` into one object, the last of a name winning. */
export function searchOption(
  text: string,
  previous: Readonly<Record<string, SearchRange>> = {},
): Record<string, SearchRange> {
  const [, name, low, high, log] = /^([^=]+)=([^:]+):([^:]+)(:log)?$/.exec(text) ?? []
  const range = { low: Number(low), high: Number(high), log: log !== undefined }
  if (name !== undefined && Number.isFinite(range.low) && Number.isFinite(range.high)) {
    return { ...previous, [name]: range }
  }
  throw new FdsError('USAGE', { reason: `--search must be name=low:high or name=low:high:log, got ${text}` })
}

function isWithin(value: number, { min, max = Number.POSITIVE_INFINITY }: Bounds): boolean {
  return value >= min && value <= max
}

function boundsText({ min, max }: Bounds): string {
  return max === undefined ? `of at least ${min}` : `from ${min} to ${max}`
}
