/** Four digits; powers of ten where the number is very large or very small. */
export function numberText(value: number): string {
  const size = Math.abs(value)
  if (size !== 0 && (size >= 1e6 || size < 1e-3)) return shortExponent(value.toExponential(2))
  return Number(value.toPrecision(4)).toLocaleString('en', { maximumFractionDigits: 6 })
}

function shortExponent(text: string): string {
  return text.replace(/\.?0+e/, 'e').replace('e+', 'e')
}

/** '1 trial', '2 trials'. */
export function countText(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`
}

/** The beginning of a text and `…` where it has more than `most` letters; Hangul, Han and kana count twice. */
export function shortText(text: string, most: number): string {
  let letters = 0
  let kept = ''
  for (const character of text.replace(/\s+/g, ' ')) {
    letters += character >= '\u1100' ? 2 : 1
    if (letters > most) return `${kept.trimEnd()}…`
    if (letters < most) kept += character
  }
  return text.replace(/\s+/g, ' ')
}

/** log10 of round numbers between two log10's: powers of ten, or 1, 2, 5 of each, or multiples in a narrow range. */
export function logTicks([low, high]: readonly [number, number]): number[] {
  const decades = Array.from(
    { length: Math.floor(high) - Math.floor(low) + 1 },
    (_, i) => Math.floor(low) + i,
  )
  const inside = (ticks: readonly number[]) => ticks.filter((tick) => tick >= low && tick <= high)
  const powers = inside(decades)
  const stride = Math.ceil(powers.length / 6)
  if (powers.length >= 3) return powers.filter((power) => power % stride === 0)
  const finer = inside(decades.flatMap((power) => [1, 2, 5].map((digit) => power + Math.log10(digit))))
  if (finer.length >= 2) return finer
  return linearTicks([10 ** low, 10 ** high], 3).map(Math.log10)
}

/** Multiples of 1, 2 or 5 × 10^k inside the range, about `count` of them; whole numbers only where `isWhole`. */
export function linearTicks(
  [low, high]: readonly [number, number],
  count: number,
  isWhole = false,
): number[] {
  const raw = (high - low) / count
  const decade = 10 ** Math.floor(Math.log10(raw))
  const factor = [1, 2, 5, 10].find((candidate) => candidate * decade >= 0.75 * raw) ?? 10
  const step = isWhole ? Math.max(1, Math.round(factor * decade)) : factor * decade
  const first = Math.ceil(low / step)
  const ticks = Math.max(0, Math.floor(high / step) - first + 1)
  return Array.from({ length: ticks }, (_, i) => Number(((first + i) * step).toPrecision(12)))
}

/** The finite values' least and greatest, a twentieth wider on both sides; never of no width. */
export function paddedRange(values: readonly number[]): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const value of values) {
    if (!Number.isFinite(value)) continue
    low = Math.min(low, Math.max(value, -FARTHEST))
    high = Math.max(high, Math.min(value, FARTHEST))
  }
  if (low > high) return [0, 1]
  // as wide as binary numbers of this size can still tell apart
  const padding = (high - low) / 20
  const least = Math.max(Math.abs(low), Math.abs(high)) * 1e-9
  if (padding > least) return [low - padding, high + padding]
  const around = Math.abs(low) > 1e-290 ? Math.abs(low) / 20 : 0.5
  return [low - around, high + around]
}

/** Beyond this a difference of two numbers may be infinite. */
const FARTHEST = 1e300
