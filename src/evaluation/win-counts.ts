import { argsortDescending } from '../math/index.ts'

/**
 * DeLong's structural components as counts: for a positive row the negatives that score lower, for a negative
 * row the positives that score higher, ties counted half. In the midranks of Sun and Xu (2014): for positive i
 * T_Z(X_i) − T_X(X_i), for negative j m − (T_Z(Y_j) − T_Y(Y_j)), so V10 is the count over n and V01 the count over
 * m. Counts are multiples of a half, hence exact. Cost: one sort.
 */
export function winCounts(labels: Uint8Array, scores: Float64Array): Float64Array {
  const order = argsortDescending(scores)
  const rows = order.length
  const counts = new Float64Array(rows)
  const negatives = labels.reduce((sum, label) => sum + 1 - label, 0)
  let positivesAbove = 0
  let negativesAbove = 0
  let start = 0
  while (start < rows) {
    // the rows of one score, and how many of each class
    const score = scores[order[start]]
    let end = start
    let tiedPositives = 0
    for (; end < rows && scores[order[end]] === score; end++) tiedPositives += labels[order[end]]
    const tiedNegatives = end - start - tiedPositives
    const negativesBelow = negatives - negativesAbove - tiedNegatives

    for (let i = start; i < end; i++) {
      const isPositive = labels[order[i]] === 1
      counts[order[i]] = isPositive ? negativesBelow + tiedNegatives / 2 : positivesAbove + tiedPositives / 2
    }
    positivesAbove += tiedPositives
    negativesAbove += tiedNegatives
    start = end
  }
  return counts
}

/**
 * The area that win counts add up to and DeLong's variance of it; for the difference of two models' counts, the
 * difference of the areas and its variance. Needs two rows of each class.
 */
export function areaMoments(labels: Uint8Array, counts: Float64Array): { area: number; variance: number } {
  const sums = [0, 0]
  const rows = [0, 0]
  for (let i = 0; i < counts.length; i++) {
    sums[labels[i]] += counts[i]
    rows[labels[i]]++
  }
  const [negatives, positives] = rows
  const means = [sums[0] / negatives, sums[1] / positives]
  const squares = [0, 0]
  for (let i = 0; i < counts.length; i++) squares[labels[i]] += (counts[i] - means[labels[i]]) ** 2
  const spreadOfPositives = squares[1] / (positives - 1) / negatives ** 2
  const spreadOfNegatives = squares[0] / (negatives - 1) / positives ** 2
  return {
    area: means[1] / negatives,
    variance: spreadOfPositives / positives + spreadOfNegatives / negatives,
  }
}
