import { FdsError } from '../../errors.ts'

/** PARAM_INVALID, naming the parameter, unless the condition holds. */
export function check(name: string, value: unknown, expected: string, holds: boolean): void {
  if (!holds) throw new FdsError('PARAM_INVALID', { name, expected, got: String(value) })
}

/** An error probability: strictly between 0 and 1. */
export function checkAlpha(alpha: number): void {
  check('alpha', alpha, 'a number between 0 and 1', alpha > 0 && alpha < 1)
}
