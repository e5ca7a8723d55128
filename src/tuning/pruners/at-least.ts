import { FdsError } from '../../errors.ts'

/** The count, or PARAM_INVALID unless it is a whole number from `least`. */
export function atLeast(least: number, name: string, value: number): number {
  if (Number.isInteger(value) && value >= least) return value
  throw new FdsError('PARAM_INVALID', { name, expected: `a whole number ≥ ${least}`, got: String(value) })
}

/** The number, or PARAM_INVALID unless it lies in [low, high]. */
export function within(low: number, high: number, name: string, value: number): number {
  if (value >= low && value <= high) return value
  throw new FdsError('PARAM_INVALID', { name, expected: `a number in [${low}, ${high}]`, got: String(value) })
}
