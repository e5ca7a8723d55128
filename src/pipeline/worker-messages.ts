import { type ErrorCode, type ErrorDetails, FdsError } from '../errors.ts'
import type { MetricSnapshot } from '../serving/index.ts'

/** What a worker says to the primary. */
export type WorkerMessage =
  | { readonly fds: 'ready'; readonly address: string }
  | { readonly fds: 'failed'; readonly failure: Failure }
  | { readonly fds: 'snapshot'; readonly snapshot: MetricSnapshot }
  | { readonly fds: 'scrape'; readonly scrape: number }

/** What the primary says to a worker. */
export type PrimaryMessage =
  | { readonly fds: 'ask' }
  | { readonly fds: 'exposition'; readonly scrape: number; readonly text: string }
  | { readonly fds: 'workers'; readonly ready: number; readonly wanted: number }

/** An error on its way between processes. */
export interface Failure {
  readonly code: ErrorCode | undefined
  readonly details: unknown
  readonly message: string
}

export function toFailure(error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error)
  return error instanceof FdsError
    ? { code: error.code, details: error.details, message }
    : { code: undefined, details: {}, message }
}

/** The error as it was, or WORKERS_FAILED with its message where it was none of ours. */
export function fromFailure({ code, details, message }: Failure): FdsError {
  if (code === undefined) return new FdsError('WORKERS_FAILED', { reason: message })
  return new FdsError(code, details as ErrorDetails<ErrorCode>)
}
