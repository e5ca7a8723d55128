import type { Encoder } from './feature-spec.ts'

/**
 * Turns a column's value (a text column's category code) into the feature's; NaN, the missing value, stays NaN.
 * The only place where values become features: files and live transactions both come through here.
 */
export type Encode = (value: number) => number

/**
 * The function that an encoder describes.
 *
 * @example
 * compileEncoder({ kind: 'cents' })(19.99) // 99
 * compileEncoder({ kind: 'weekday' })(0) // 3
 */
export function compileEncoder(encoder: Encoder): Encode {
  if (encoder.kind !== 'frequency' && encoder.kind !== 'target') return ENCODE[encoder.kind]
  // the code after the last stands for every category outside the table
  const byCode = Float32Array.from([...encoder.values, encoder.other])
  return (code) => (Number.isNaN(code) ? Number.NaN : byCode[code]!)
}

const ENCODE: Readonly<Record<Exclude<Encoder['kind'], 'frequency' | 'target'>, Encode>> = {
  number,
  cents: (value) => Math.round(Math.abs(number(value)) * 100) % 100,
  hour: (seconds) => Math.floor(modulo(Math.floor(number(seconds)), 86_400) / 3600),
  // 1970-01-01 was a Thursday, 3 days after a Monday
  weekday: (seconds) => modulo(Math.floor(number(seconds) / 86_400) + 3, 7),
  day: (seconds) => new Date(Math.floor(number(seconds)) * 1000).getUTCDate(),
  category: (code) => code,
}

/** The value, or NaN where float32 cannot hold it; -0 becomes 0, which JSON cannot tell apart. */
function number(value: number): number {
  return Math.abs(Math.fround(value)) <= MAX_FLOAT32 ? value + 0 : Number.NaN
}

const MAX_FLOAT32 = 3.4028234663852886e38

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by
}
