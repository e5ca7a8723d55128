import { createHash } from 'node:crypto'

/** What a field of a metric may hold. Numbers are Python floats: Evidently has no other number here. */
export type FieldValue = string | number | readonly string[] | Readonly<Record<string, string | number>>

/**
 * The `id` that Evidently 0.7.23 gives a metric: MD5 of its class path followed by Python's text of its fields,
 * sorted by name, those left at their defaults not given. Lists and dictionaries are tuples there.
 *
 * @example
 * fingerprint('evidently.metrics.dataset_statistics.RowCount', {}) // '00404ffe284d7862baa4095093452630'
 */
export function fingerprint(classPath: string, fields: Readonly<Record<string, FieldValue>>): string {
  return createHash('md5')
    .update(classPath + pairs(fields))
    .digest('hex')
}

/**
 * Python's `repr` of a float: the shortest digits that read back, with an exponent below 1e-4 and from 1e16 on.
 *
 * @example
 * pythonFloat(1) // '1.0'
 */
export function pythonFloat(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  const [digits = '', power = '0'] = value.toExponential().split('e')
  const exponent = Number(power)
  if (value !== 0 && (exponent < -4 || exponent >= 16)) {
    return `${digits}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`
  }
  if (Object.is(value, -0)) return '-0.0'
  // below 1e21 JavaScript writes no exponent either, but for 1e-5 and 1e-6, which have left above
  return Number.isInteger(value) ? `${value}.0` : String(value)
}

/**
 * Python's `repr` of a text.
 *
 * @example
 * pythonText("it's") // '"it\'s"'
 */
export function pythonText(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  const inner = Array.from(text, (character) => escaped(character, quote)).join('')
  return quote + inner + quote
}

function pairs(record: Readonly<Record<string, FieldValue>>): string {
  return tuple(
    Object.keys(record)
      .sort(byCodePoint)
      .map((name) => tuple([pythonText(name), textOf(record[name]!)])),
  )
}

function textOf(value: FieldValue): string {
  if (typeof value === 'string') return pythonText(value)
  if (typeof value === 'number') return pythonFloat(value)
  if (Array.isArray(value)) return tuple(value.map(pythonText))
  return pairs(value as Readonly<Record<string, string | number>>)
}

function tuple(items: readonly string[]): string {
  return items.length === 1 ? `(${items[0]},)` : `(${items.join(', ')})`
}

/** Python's order of texts; JavaScript's differs beyond U+FFFF. */
export function byCodePoint(a: string, b: string): number {
  const [left, right] = [Array.from(a), Array.from(b)]
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const difference = left[i]!.codePointAt(0)! - right[i]!.codePointAt(0)!
    if (difference !== 0) return difference
  }
  return left.length - right.length
}

const SHORT: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }

function escaped(character: string, quote: string): string {
  if (character === quote) return `\\${quote}`
  const short = SHORT[character]
  if (short !== undefined) return short
  if (character === ' ' || !/[\p{C}\p{Z}]/u.test(character)) return character
  const code = character.codePointAt(0)!
  const [letter, width] = code < 0x100 ? ['x', 2] : code < 0x10000 ? ['u', 4] : ['U', 8]
  return `\\${letter}${code.toString(16).padStart(width as number, '0')}`
}
