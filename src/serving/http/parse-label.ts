import { FdsError } from '../../errors.ts'
import type { Label } from '../log/decision.ts'
import { kindOf, parseTransactionId } from '../models/parse-transaction.ts'
import { LAST_INSTANT } from '../models/scorer.ts'
import { LABEL_SOURCES, type LabelSource } from '../telemetry/telemetry.ts'

/** The fields of a label. */
export const LABEL_FIELDS: readonly string[] = ['transaction_id', 'is_fraud', 'label_time', 'source']
const ISO_INSTANT = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d))?$/

/**
 * Reads one label: `transaction_id`, `is_fraud` (true, false, 1 or 0), `label_time` (ISO 8601 with its zone, a
 * date meaning midnight UTC, or seconds since 1970; `receivedAt` if absent) and `source` (`other` if absent).
 * REQUEST_INVALID, TRANSACTION_INVALID for the id.
 */
export function parseLabel(body: unknown, receivedAt: number): Label {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return refuse(`a label must be a JSON object with ${LABEL_FIELDS.join(', ')}, got ${kindOf(body)}`)
  }
  const given = body as Record<string, unknown>
  const unknown = Object.keys(given).find((field) => !LABEL_FIELDS.includes(field))
  if (unknown !== undefined)
    refuse(`a label has no field "${unknown}"; its fields are ${LABEL_FIELDS.join(', ')}`)
  return {
    transactionId: parseTransactionId(given['transaction_id']),
    isFraud: parseVerdict(given['is_fraud']),
    ...(given['label_time'] === undefined
      ? { labelTime: receivedAt, isTimeAssumed: true }
      : { labelTime: parseInstant(given['label_time']) }),
    source: given['source'] === undefined ? 'other' : parseSource(given['source']),
    receivedAt,
  }
}

/** `parseLabel` for one of many; BATCH_ROW_INVALID with the row's number. */
export function parseLabelRow(body: unknown, row: number, receivedAt: number): Label {
  try {
    return parseLabel(body, receivedAt)
  } catch (error) {
    if (!(error instanceof FdsError)) throw error
    throw new FdsError(
      'BATCH_ROW_INVALID',
      { row, code: error.code, reason: error.message },
      { cause: error },
    )
  }
}

function parseVerdict(value: unknown): boolean {
  if (value === true || value === 1) return true
  if (value === false || value === 0) return false
  return refuse(`"is_fraud" must be true, false, 1 or 0, got ${kindOf(value)}`)
}

function parseInstant(value: unknown): number {
  const seconds = typeof value === 'string' && ISO_INSTANT.test(value) ? Date.parse(value) / 1000 : value
  if (typeof seconds === 'number' && Math.abs(seconds) <= LAST_INSTANT) return seconds
  return refuse(`"label_time" must be ISO 8601 text or seconds since 1970, got ${kindOf(value)}`)
}

function parseSource(value: unknown): LabelSource {
  const source = LABEL_SOURCES.find((known) => known === value)
  return source ?? refuse(`"source" must be one of ${LABEL_SOURCES.join(', ')}, got ${kindOf(value)}`)
}

function refuse(reason: string): never {
  throw new FdsError('REQUEST_INVALID', { reason })
}
