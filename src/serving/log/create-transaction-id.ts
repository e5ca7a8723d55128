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
  const byte = (): number => {
    if (used === pool.length) {
      pool = randomBytes(POOL_BYTES)
      used = 0
    }
    return pool[used++]!
  }
  return () => {
    const time = now()
    if (time > last) {
      last = time
      // the upper half is left for those that follow in the same millisecond
      counter = byte() * 8
    } else if (++counter > MOST_COUNTED) {
      last++
      counter = 0
    }
    const tail = Array.from({ length: 8 }, byte)
    tail[0] = (tail[0]! & 0x3f) | 0x80
    const end = tail.map((value) => HEX[value]).join('')
    const start = last.toString(16).padStart(12, '0')
    const middle = counter.toString(16).padStart(3, '0')
    return `${start.slice(0, 8)}-${start.slice(8)}-7${middle}-${end.slice(0, 4)}-${end.slice(4)}`
  }
}

const POOL_BYTES = 4096
const MOST_COUNTED = 0xfff
const HEX = Array.from({ length: 256 }, (_, value) => value.toString(16).padStart(2, '0'))
