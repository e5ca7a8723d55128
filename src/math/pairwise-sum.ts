/**
 * The sum of the first `count` values, in NumPy's order of additions: eight running sums over pieces of up to 128,
 * halves of longer ranges apart. Exact ties between two such sums are then ties in NumPy too, and the error grows
 * with log n alone. 0 for no values. Kernel.
 *
 * @example
 * pairwiseSum(Float64Array.of(1, 2, 3), 3) // 6
 */
export function pairwiseSum(values: Float64Array, count: number, from = 0): number {
  if (count > 128) {
    const half = (count >> 1) & ~7
    return pairwiseSum(values, half, from) + pairwiseSum(values, count - half, from + half)
  }
  if (count < 8) return plainSum(values, from, from + count, 0)
  const sums = [0, 0, 0, 0, 0, 0, 0, 0]
  const whole = count & ~7
  for (let i = 0; i < whole; i += 8) {
    for (let lane = 0; lane < 8; lane++) sums[lane] += values[from + i + lane]
  }
  const [a, b, c, d, e, f, g, h] = sums
  return plainSum(values, from + whole, from + count, a + b + (c + d) + (e + f + (g + h)))
}

function plainSum(values: Float64Array, from: number, to: number, start: number): number {
  let sum = start
  for (let i = from; i < to; i++) sum += values[i]
  return sum
}
