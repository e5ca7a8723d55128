/** Made once: making one costs a hundred times what formatting does. */
const WHOLE = new Intl.NumberFormat('en-US')
const FOUR_DIGITS = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 4 })

/**
 * A share as people read it: one decimal, never a zero for what is not zero, and a space that does not break.
 *
 * @example
 * percent(0.1234) // '12.3 %'
 * percent(0.0001) // '< 0.1 %'
 */
export function percent(share: number): string {
  return share > 0 && share < 0.0005 ? '<\u00a00.1\u00a0%' : `${(100 * share).toFixed(1)}\u00a0%`
}

/**
 * A probability with four decimals, and never a zero.
 *
 * @example
 * probability(0.00001) // '< 0.0001'
 */
export function probability(p: number | null): string {
  if (p === null) return '–'
  return p < 0.0001 ? '< 0.0001' : p.toFixed(4)
}

/**
 * A number with thousands parted.
 *
 * @example
 * grouped(1234567) // '1,234,567'
 */
export function grouped(value: number): string {
  return WHOLE.format(value)
}

/**
 * A value of a column: whole up to its point, four digits where it has fewer before it.
 *
 * @example
 * short(20261231) // '20,261,231'
 * short(1234.5678) // '1,235'
 * short(0.000012345) // '0.00001235'
 */
export function short(value: number): string {
  const size = Math.abs(value)
  if (size !== 0 && (size >= 1e12 || size < 1e-6)) return value.toExponential(3)
  if (size >= 1000) return grouped(Math.round(value))
  return FOUR_DIGITS.format(value)
}
