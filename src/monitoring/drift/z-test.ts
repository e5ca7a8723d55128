import { normalCdf } from '../../math/index.ts'

/** How many of the rows have a property. */
export interface Proportion {
  readonly count: number
  readonly rows: number
}

/**
 * The two-sided test of two shares with their pooled variance, z = (p − q) / √(P (1 − P)(1/n + 1/m)). Where all
 * rows of both sides have the property, or none has it, z is 0 and p 1. No rows give NaN. Evidently's "z".
 * Cost O(1).
 *
 * @example
 * zTest({ count: 5, rows: 10 }, { count: 5, rows: 10 }) // { statistic: 0, pValue: 1 }
 */
export function zTest(
  reference: Proportion,
  current: Proportion,
): { readonly statistic: number; readonly pValue: number } {
  const rows = reference.rows + current.rows
  const share = (reference.count + current.count) / rows
  if (share === 0 || share === 1) return { statistic: 0, pValue: 1 }
  const difference = reference.count / reference.rows - current.count / current.rows
  const spread = Math.sqrt(share * (1 - share) * (1 / reference.rows + 1 / current.rows))
  const statistic = difference / spread
  return { statistic, pValue: 2 * normalCdf(Math.abs(statistic), { upper: true }) }
}
