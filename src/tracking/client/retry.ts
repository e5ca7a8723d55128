import type { TransportResponse } from './transport.ts'

/** How a failed exchange is repeated; the defaults are those of MLflow's client. */
export interface RetryOptions {
  /** Repetitions after the first try. Default 7 (MLFLOW_HTTP_REQUEST_MAX_RETRIES). */
  readonly maxRetries?: number
  /** Seconds: waits are 0, then this times 2, 4, 8 …, at most 120. Default 2 (…_BACKOFF_FACTOR). */
  readonly backoffFactor?: number
  /** Up to so many seconds are added to each wait. Default 1 (…_BACKOFF_JITTER). */
  readonly backoffJitter?: number
}

/** What came of one try: an answer, or the reason why there is none. */
export type Outcome = TransportResponse | Unanswered

export interface Unanswered {
  readonly cause: unknown
}

export function isAnswer(outcome: Outcome): outcome is TransportResponse {
  return 'status' in outcome
}

/**
 * True where trying again may help and harms nothing. A call that must not happen twice is repeated only where it has
 * not happened once: after 429 and 503, by which a server declines, and where the connection was refused.
 */
export function mayRepeat(outcome: Outcome, repeatable: boolean): boolean {
  if (!isAnswer(outcome)) return repeatable || neverSent(outcome.cause)
  return (repeatable ? PASSING : DECLINED).has(outcome.status)
}

/** Milliseconds before the repetition after try number `attempt` (from 0): what the server asks for, or the backoff. */
export function waitMs(outcome: Outcome, attempt: number, options: RetryOptions & { now: number }): number {
  const asked = isAnswer(outcome) ? retryAfterMs(outcome, options.now) : undefined
  if (asked !== undefined) return asked
  const { backoffFactor = 2, backoffJitter = 1, now } = options
  const backoff = attempt === 0 ? 0 : Math.min(LONGEST_WAIT, backoffFactor * 2 ** attempt)
  return 1000 * (backoff + backoffJitter * jitter(now))
}

/** The innermost reason of a failed exchange. */
export function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  if (cause instanceof AggregateError && cause.errors.length > 0) return reasonOf(cause.errors[0])
  return cause.cause === undefined ? cause.message : reasonOf(cause.cause)
}

const PASSING = new Set([408, 429, 500, 502, 503, 504])
const DECLINED = new Set([429, 503])
/** Seconds, as in urllib3. */
const LONGEST_WAIT = 120

/** The connection was refused or the name did not resolve, so the server saw nothing. */
function neverSent(cause: unknown): boolean {
  return /ECONNREFUSED|ENOTFOUND|EAI_AGAIN/.test(reasonOf(cause))
}

/** `Retry-After` in seconds or as a date. */
function retryAfterMs({ headers }: TransportResponse, now: number): number | undefined {
  const value = headers['retry-after']?.trim() ?? ''
  if (/^\d+$/.test(value)) return Number(value) * 1000
  const date = Date.parse(value)
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}

/** A share in [0, 1) that differs from call to call without a source of chance: the clock times the golden ratio. */
function jitter(now: number): number {
  return (now * 0.618033988749895) % 1
}
