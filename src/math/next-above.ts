/**
 * The next double above a finite number: as a threshold it flags no row whose score is that number.
 *
 * @example
 * nextAbove(1) // 1.0000000000000002
 */
export function nextAbove(value: number): number {
  if (value === 0) return Number.MIN_VALUE
  const bits = new BigInt64Array(Float64Array.of(value).buffer)
  // the bits of a negative double shrink as it grows
  bits[0] += value > 0 ? 1n : -1n
  return new Float64Array(bits.buffer)[0]
}
