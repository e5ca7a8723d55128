/**
 * The shortest decimal text that reads back as the same float32, in XGBoost's spelling (`1.5E-1`, `0E0`).
 * The number must be finite.
 *
 * @example
 * floatText(Math.fround(0.1)) // '1E-1'
 */
export function floatText(value: number): string {
  if (value === 0) return Object.is(value, -0) ? '-0E0' : '0E0'
  // nine digits always suffice for float32; most numbers need eight
  let digits = 6
  let text = value.toExponential(digits - 1)
  while (digits < 9 && Math.fround(Number(text)) !== value) text = value.toExponential(digits++)
  return Number(text).toExponential().replace('e', 'E').replace('+', '')
}

/** Numbers of a typed array as a JSON array of float32 texts. */
export function floatsText(values: Float32Array): string {
  return `[${Array.from(values, floatText).join(',')}]`
}
