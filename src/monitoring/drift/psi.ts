import { FdsError } from '../../errors.ts'
import { type NoAnswer, noAnswer, type Vector } from '../../math/index.ts'
import { binCuts, countInBins } from '../profile/bins.ts'
import { noncentralChiSquareTail } from './tail-probabilities.ts'

/** Rows by bin on both sides; the same bins in the same order. */
export interface BinnedCounts {
  readonly reference: Vector
  readonly current: Vector
}

export interface PsiTest {
  readonly psi: number
  /** Bins that hold a row on either side. */
  readonly bins: number
  /** How likely data without a material change give this index or a larger one. */
  readonly pValue: number
}

/** A change below this index is not material. */
export const MATERIAL_PSI = 0.1

/**
 * The population stability index Σ (r − c) ln(r / c) over the shares r and c of the reference and of the current
 * data in bins that the reference's quantiles cut (`bins` = 10: deciles). NaN is missing and has a bin of its own
 * where a side has any. Shares carry half a row a bin, (n_i + ½) / (n + ½ B), so that an empty bin gives a finite
 * index; bins empty on both sides are left out. Infinities fall into the outer bins. No rows on a side: NO_ROWS.
 * PARAM_INVALID for fewer than two bins. Cost O(n log n). Source: Yurdakul and Naranjo, J. Risk Model Validation.
 *
 * @example
 * populationStabilityIndex([1, 2, 3, 4], [1, 2, 3, 4]) // 0
 */
export function populationStabilityIndex(
  expected: Vector,
  actual: Vector,
  options: { readonly bins?: number } = {},
): number | NoAnswer {
  const { bins = 10 } = options
  if (!Number.isSafeInteger(bins) || bins < 2) {
    throw new FdsError('PARAM_INVALID', { name: 'bins', expected: 'a whole number ≥ 2', got: String(bins) })
  }
  if (expected.length === 0 || actual.length === 0) return noAnswer('NO_ROWS')
  const cuts = binCuts(expected, bins)
  return psiTest({ reference: countInBins(expected, cuts), current: countInBins(actual, cuts) }).psi
}

/**
 * The index of binned counts, and the test whether the change is material and no chance at once. Under a true
 * index of δ the estimate times N = nm/(n + m) follows about a non-central chi-square distribution with B − 1
 * degrees of freedom and λ = N δ; `pValue` is its tail for δ = 0.1. So a small change in many rows and a large
 * one in few rows both give a large p. One bin: index 0, p 1. Cost O(B + √N).
 *
 * @example
 * psiTest({ reference: [500, 500], current: [500, 500] }) // { psi: 0, bins: 2, pValue: 1 }
 */
export function psiTest({ reference, current }: BinnedCounts): PsiTest {
  const used = Array.from(reference, (_, i) => i).filter((i) => reference[i]! + current[i]! > 0)
  const n = used.reduce((sum, i) => sum + reference[i]!, 0)
  const m = used.reduce((sum, i) => sum + current[i]!, 0)
  const bins = used.length
  let psi = 0
  for (const i of used) {
    const r = (reference[i]! + 0.5) / (n + 0.5 * bins)
    const c = (current[i]! + 0.5) / (m + 0.5 * bins)
    psi += (r - c) * Math.log(r / c)
  }
  if (bins < 2) return { psi: 0, bins, pValue: 1 }
  const rows = (n * m) / (n + m)
  const pValue = noncentralChiSquareTail({
    x: rows * psi,
    degreesOfFreedom: bins - 1,
    lambda: rows * MATERIAL_PSI,
  })
  return { psi, bins, pValue }
}
