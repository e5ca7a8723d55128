import { ERRORS } from './error-table.ts'

export type ErrorCode = keyof typeof ERRORS
export type ErrorDetails<C extends ErrorCode> = Parameters<(typeof ERRORS)[C]['message']>[0]

/**
 * An expected failure. Everything else that is thrown is a bug.
 *
 * @example
 * new FdsError('FILE_NOT_FOUND', { file: 'a.csv' }).message // 'No such file: a.csv'
 */
export class FdsError<C extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'FdsError'
  readonly code: C
  readonly details: ErrorDetails<C>

  constructor(code: C, details: ErrorDetails<C>, options?: ErrorOptions) {
    const message = ERRORS[code].message as (details: ErrorDetails<C>) => string
    super(message(details), options)
    this.code = code
    this.details = details
  }

  get status(): number {
    return ERRORS[this.code].status
  }
}
