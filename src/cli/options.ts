import { InvalidArgumentError } from 'commander'
import { FdsError } from '../errors.ts'

/** Parses a whole number of at least `min`. */
export function integerOption(name: string, min: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (/^-?\d+$/.test(text) && Number.isSafeInteger(value) && value >= min) return value
    throw new InvalidArgumentError(`${name} must be a whole number of at least ${min}.`)
  }
}

/** Parses a number in [min, max]. */
export function numberOption(
  name: string,
  min: number,
  max = Number.POSITIVE_INFINITY,
): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (text.trim() !== '' && Number.isFinite(value) && value >= min && value <= max) return value
    const upper = Number.isFinite(max) ? ` and at most ${max}` : ''
    throw new InvalidArgumentError(`${name} must be a number of at least ${min}${upper}.`)
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
