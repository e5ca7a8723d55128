import type { Vector } from '../../math/index.ts'
import type { PairMoments } from './ratio-test.ts'

/**
 * Moments of values and sizes, one entry an entity, in two passes, so that a mean that is large beside the spread
 * costs no digits. Variances with n − 1; zeros where there are fewer than two entries. Cost O(n).
 */
export function pairMomentsOf(values: Vector, sizes: Vector): PairMoments {
  const n = values.length
  let [sumValue, sumSize] = [0, 0]
  for (let i = 0; i < n; i++) {
    sumValue += values[i]!
    sumSize += sizes[i]!
  }
  const meanValue = n === 0 ? 0 : sumValue / n
  const meanSize = n === 0 ? 0 : sumSize / n
  let [squaresValue, squaresSize, products] = [0, 0, 0]
  for (let i = 0; i < n; i++) {
    const [value, size] = [values[i]! - meanValue, sizes[i]! - meanSize]
    squaresValue += value * value
    squaresSize += size * size
    products += value * size
  }
  const divisor = Math.max(1, n - 1)
  return {
    n,
    meanValue,
    meanSize,
    varianceValue: squaresValue / divisor,
    varianceSize: squaresSize / divisor,
    covariance: products / divisor,
  }
}
