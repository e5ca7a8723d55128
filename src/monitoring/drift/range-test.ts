import { logGamma } from './tail-probabilities.ts'

/**
 * How likely at least `outside` of m current values lie below the least or above the greatest of n reference values
 * of the same continuous distribution, whatever it is: each value does with a chance of about 2/(n + 1), and all share
 * one range, so the number is beta-binomial with parameters 2 and n − 1. Ties make the answer too large. Fewer than
 * two reference values or `outside` 0 give 1. Cost O(m) at most.
 *
 * @example
 * rangeTest({ outside: 1, rows: 1, referenceRows: 3 }).toFixed(9) // '0.500000000'
 */
export function rangeTest(input: {
  readonly outside: number
  readonly rows: number
  readonly referenceRows: number
}): number {
  const { outside, rows: m, referenceRows: n } = input
  if (n < 2 || outside === 0) return 1
  const choose = logGamma(m + 1) - logGamma(outside + 1) - logGamma(m - outside + 1)
  const beta = logBeta(outside + 2, m - outside + n - 1) - logBeta(2, n - 1)
  let term = Math.exp(choose + beta)
  let sum = 0
  for (let x = outside; x <= m && term > sum * 1e-17; x++) {
    sum += term
    term *= ((m - x) * (x + 2)) / ((x + 1) * (m - x + n - 2))
  }
  return Math.min(1, sum)
}

function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b)
}
