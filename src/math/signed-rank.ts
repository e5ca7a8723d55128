import { normalCdf } from './distributions.ts'
import type { Vector } from './vector.ts'

/** More differences than this are always judged by the normal approximation, as SciPy does. */
const EXACT_UP_TO = 50
/** Up to here SciPy counts all sign patterns even where there are ties. */
const EXACT_TIES_UP_TO = 13

/**
 * Wilcoxon's signed-rank test: the probability of so large (`'greater'`) or so small (`'less'`) a sum of the ranks of
 * positive differences if their signs were chance. Ties share their mean rank; a zero counts half on each side
 * ("zsplit"). Exact up to 50 differences, with ties or zeros up to 13; otherwise the normal approximation with the
 * ties' correction and none for continuity: SciPy 1.17's `wilcoxon(…, zero_method='zsplit')`.
 *
 * No differences or a NaN among them give NaN. Cost O(n³) where exact, else O(n log n).
 * Source: Wilcoxon 1945.
 *
 * @example
 * signedRankPValue([1, 2, 3], 'greater') // 0.125
 */
export function signedRankPValue(differences: Vector, alternative: 'less' | 'greater'): number {
  const count = differences.length
  const isUnknown = Array.prototype.some.call(differences, Number.isNaN)
  if (count === 0 || isUnknown) return Number.NaN
  // the smaller sum of one side is the larger one of the other
  const signed = Float64Array.from(differences, (value) => (alternative === 'less' ? -value : value))
  const { twice, hasTies } = doubledRanks(signed)
  const isExact = count <= (hasTies || signed.includes(0) ? EXACT_TIES_UP_TO : EXACT_UP_TO)
  return isExact ? exactTail(signed, twice) : normalTail(signed, twice)
}

/** Two times each rank of |value|, whole numbers even where equal ones share a rank. */
function doubledRanks(values: Float64Array): { twice: Int32Array; hasTies: boolean } {
  const order = Int32Array.from(values.keys()).sort((a, b) => Math.abs(values[a]) - Math.abs(values[b]))
  const twice = new Int32Array(values.length)
  let hasTies = false
  for (let start = 0, end = 0; start < order.length; start = end) {
    while (end < order.length && Math.abs(values[order[end]]) === Math.abs(values[order[start]])) end += 1
    for (let i = start; i < end; i++) twice[order[i]] = start + 1 + end
    hasTies ||= end - start > 1
  }
  return { twice, hasTies }
}

/** The share of all sign patterns whose sum is at least the observed one; zeros have no sign. */
function exactTail(values: Float64Array, twice: Int32Array): number {
  const total = twice.reduce((sum, rank, i) => sum + (values[i] === 0 ? 0 : rank), 0)
  const observed = twice.reduce((sum, rank, i) => sum + (values[i] > 0 ? rank : 0), 0)
  // share[s]: the probability that the positive ranks seen so far add up to s
  const share = new Float64Array(total + 1)
  share[0] = 1
  let reach = 0
  for (let i = 0; i < twice.length; i++) {
    if (values[i] === 0) continue
    reach += twice[i]
    for (let s = reach; s >= 0; s--) share[s] = (share[s] + (s >= twice[i] ? share[s - twice[i]] : 0)) / 2
  }
  return share.subarray(observed).reduce((sum, part) => sum + part, 0)
}

function normalTail(values: Float64Array, twice: Int32Array): number {
  const n = values.length
  const observed = twice.reduce((sum, rank, i) => sum + rank * (Math.sign(values[i]) + 1), 0) / 4
  const sizes = new Map<number, number>()
  for (const rank of twice) sizes.set(rank, (sizes.get(rank) ?? 0) + 1)
  let tied = 0
  for (const size of sizes.values()) tied += size ** 3 - size
  const spread = Math.sqrt((n * (n + 1) * (2 * n + 1) - tied / 2) / 24)
  return normalCdf((observed - (n * (n + 1)) / 4) / spread, { upper: true })
}
