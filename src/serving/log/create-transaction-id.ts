export interface TransactionIdInput {
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** `node:crypto`'s, or a fixed one for tests. */
  readonly randomBytes: (size: number) => Uint8Array
}

/**
 * Makes ids for transactions that come without one: UUIDs of version 7 (RFC 9562, section 5.7), which begin with the
 * time, so that neighbours in time are neighbours in the database's index; random ones would touch a page each. Ids of
 * one factory only grow, also within a millisecond (12 bits of counter, section 6.2) and when the clock goes back.
 *
 * @example
 * createTransactionId({ now: () => 1_645_557_742_000, randomBytes: (n) => new Uint8Array(n) })()
 * // '017f22e2-79b0-7000-8000-000000000000'
 */
export function createTransactionId({ now, randomBytes }: TransactionIdInput): () => string {
  let pool: Uint8Array = new Uint8Array(0)
  let used = 0
  let last = 0
  let counter = 0
  let start = startOf(last)
  const byte = (): number => {
    if (used === pool.length) {
      pool = randomBytes(POOL_BYTES)
      used = 0
    }
    return pool[used++]!
  }
  const hex = (): string => HEX[byte()]!
  return () => {
    const time = now()
    if (time > last) {
      last = time
      start = startOf(last)
      // the upper half is left for those that follow in the same millisecond
      counter = byte() * 8
    } else if (++counter > MOST_COUNTED) {
      last++
      start = startOf(last)
      counter = 0
    }
    const middle = counter.toString(16).padStart(3, '0')
    const variant = HEX[(byte() & 0x3f) | 0x80]! + hex()
    return `${start}-7${middle}-${variant}-${hex()}${hex()}${hex()}${hex()}${hex()}${hex()}`
  }
}

/** The first half of an id: the time in hexadecimal digits. */
function startOf(time: number): string {
  const digits = time.toString(16).padStart(12, '0')
  return `${digits.slice(0, 8)}-${digits.slice(8)}`
}

const POOL_BYTES = 4096
const MOST_COUNTED = 0xfff
const HEX = Array.from({ length: 256 }, (_, value) => value.toString(16).padStart(2, '0'))
