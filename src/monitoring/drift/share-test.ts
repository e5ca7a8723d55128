import { logGamma } from './tail-probabilities.ts'
import { type Proportion, zTest } from './z-test.ts'

/** From this many expected rows on, on the smaller side, the normal law is right far into its tails. */
const FEWEST_EXPECTED = 50

/**
 * How likely two samples of one population are to have shares so different, or more so. Where fewer than 50 rows
 * with (or without) the property are expected on a side, it is counted out: Fisher's test with half the probability
 * of what was seen (mid-p), two-sided by probability, so that rare properties alarm neither too often nor never.
 * Else `zTest`. An empty side, and a
 * property of no row or of every one, give 1. Cost O(rows of the rarer kind) at most.
 *
 * @example
 * shareTest({ count: 1, rows: 10 }, { count: 9, rows: 10 }).toFixed(6) // '0.000552'
 */
export function shareTest(reference: Proportion, current: Proportion): number {
  const rows = reference.rows + current.rows
  if (reference.rows === 0 || current.rows === 0) return 1
  const count = reference.count + current.count
  // the rarer kind has the same probability
  if (count > rows - count) return shareTest(opposite(reference), opposite(current))
  if (count === 0) return 1
  const expected = (count * Math.min(reference.rows, current.rows)) / rows
  return expected < FEWEST_EXPECTED ? midP(reference, current) : zTest(reference, current).pValue
}

function opposite({ count, rows }: Proportion): Proportion {
  return { count: rows - count, rows }
}

/** Sums the hypergeometric probabilities of all tables that are rarer than the one seen, and half of equal ones. */
function midP(a: Proportion, b: Proportion): number {
  const [few, many] = a.rows <= b.rows ? [a, b] : [b, a]
  const total = few.count + many.count
  const from = Math.max(0, total - many.rows)
  const to = Math.min(total, few.rows)
  const weights = new Float64Array(to - from + 1)
  let logWeight = logChoose(few.rows, from) + logChoose(many.rows, total - from)
  logWeight -= logChoose(few.rows + many.rows, total)
  for (let x = from; x <= to; x++) {
    weights[x - from] = Math.exp(logWeight)
    logWeight += Math.log(((few.rows - x) * (total - x)) / ((x + 1) * (many.rows - total + x + 1)))
  }
  // rounding must not part equal probabilities
  const seen = weights[few.count - from]!
  const [rarer, equal] = [seen * (1 - 1e-7), seen * (1 + 1e-7)]
  let p = 0
  for (const weight of weights) p += weight < rarer ? weight : weight <= equal ? weight / 2 : 0
  return Math.min(1, p)
}

function logChoose(n: number, k: number): number {
  return logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1)
}
