import { FdsError } from '../errors.ts'

/**
 * Checks a numeric option given by name: finite and within the stated bounds, both of them included
 * (PARAM_INVALID otherwise). Without bounds any finite number passes.
 *
 * @example
 * checkOption('fnCost', 100, { minimum: 0 }) // 100
 */
export function checkOption(
  name: string,
  value: number,
  bounds: { minimum?: number; maximum?: number } = {},
): number {
  const { minimum = -Infinity, maximum = Infinity } = bounds
  if (Number.isFinite(value) && value >= minimum && value <= maximum) return value
  throw new FdsError('PARAM_INVALID', { name, expected: expectation(minimum, maximum), got: String(value) })
}

function expectation(minimum: number, maximum: number): string {
  if (minimum === -Infinity) return 'a finite number'
  if (maximum === Infinity) return `a finite number of at least ${minimum}`
  return `a number from ${minimum} to ${maximum}`
}
