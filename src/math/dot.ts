/** Σ a[aStart + i] × b[bStart + i] over `length`. Four sums side by side, so that no addition waits for the one before. Kernel. */
export function dot(
  a: Float64Array,
  aStart: number,
  b: Float64Array,
  bStart: number,
  length: number,
): number {
  let sum0 = 0
  let sum1 = 0
  let sum2 = 0
  let sum3 = 0
  let i = 0
  for (; i + 3 < length; i += 4) {
    sum0 += a[aStart + i] * b[bStart + i]
    sum1 += a[aStart + i + 1] * b[bStart + i + 1]
    sum2 += a[aStart + i + 2] * b[bStart + i + 2]
    sum3 += a[aStart + i + 3] * b[bStart + i + 3]
  }
  for (; i < length; i++) sum0 += a[aStart + i] * b[bStart + i]
  return sum0 + sum1 + (sum2 + sum3)
}
