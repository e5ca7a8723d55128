import type { Cell, Transaction } from '../../data/transaction.ts'
import { FdsError } from '../../errors.ts'

/** Field of a body that names the transaction, whatever the model calls its id column. */
export const TRANSACTION_ID = 'transaction_id'
const MAX_ID_LENGTH = 128
const UNPRINTABLE = /\p{C}/u

/**
 * Checks that a body is one flat object of JSON's plain values: finite numbers (`1e999` reads as Infinity),
 * texts, true, false, null. Which columns there must be is the model's to say. Of a key that comes twice the
 * last value counts, as in JSON.parse. REQUEST_INVALID, TRANSACTION_INVALID by field. Cost O(fields).
 */
export function parseTransaction(body: unknown): Transaction {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new FdsError('REQUEST_INVALID', {
      reason: `it must be a JSON object of fields, got ${kindOf(body)}`,
    })
  }
  const transaction = body as Record<string, Cell>
  for (const field of Object.keys(transaction)) checkCell(field, transaction[field])
  return transaction
}

/** The text that names a transaction: 1 to 128 printable characters; TRANSACTION_INVALID. */
export function parseTransactionId(value: unknown): string {
  if (
    typeof value === 'string' &&
    value.length > 0 &&
    value.length <= MAX_ID_LENGTH &&
    !UNPRINTABLE.test(value)
  ) {
    return value
  }
  throw new FdsError('TRANSACTION_INVALID', {
    field: TRANSACTION_ID,
    expected: `a text of 1 to ${MAX_ID_LENGTH} printable characters`,
    got: kindOf(value),
  })
}

/** How a message calls a value, without repeating what may be personal data. */
export function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'number')
    return Number.isFinite(value) ? 'a number' : 'a number too large for a double'
  if (typeof value === 'string') return value.length > MAX_ID_LENGTH ? 'a long text' : 'a text'
  return typeof value === 'object' ? 'an object' : `${value}`
}

function checkCell(field: string, value: unknown): void {
  if (typeof value === 'number' ? Number.isFinite(value) : typeof value !== 'object' || value === null) return
  throw new FdsError('TRANSACTION_INVALID', {
    field,
    expected: 'a finite number, a text, true, false or null',
    got: kindOf(value),
  })
}
