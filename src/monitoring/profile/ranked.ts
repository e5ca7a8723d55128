/** Values in ascending order, each standing for as many rows as its weight says; one each without weights. */
export interface Ranked {
  readonly values: Float64Array
  readonly weights?: Float64Array
  /** Rows in all. */
  readonly rows: number
}

/**
 * The value below which this share of the rows lies, between two neighbours in proportion (R-7, NumPy's default).
 * NaN without rows. Cost O(1), with weights O(values).
 *
 * @example
 * quantileOf({ values: Float64Array.of(1, 2, 4), rows: 3 }, 0.75) // 3
 */
export function quantileOf(ranked: Ranked, share: number): number {
  const position = (ranked.rows - 1) * share
  const index = Math.floor(position)
  const [lower, upper] = [valueAt(ranked, index), valueAt(ranked, Math.min(index + 1, ranked.rows - 1))]
  const part = position - index
  // the difference of huge values may be infinite
  const gap = upper - lower
  return Number.isFinite(gap) ? lower + gap * part : lower * (1 - part) + upper * part
}

/** The distinct values if there are at most `most`, else undefined. Cost O(values) where there are few, else little. */
export function distinctUpTo({ values }: Ranked, most: number): number[] | undefined {
  const distinct: number[] = []
  for (let i = 0; i < values.length; i++) {
    if (i > 0 && values[i] === values[i - 1]) continue
    if (distinct.length === most) return undefined
    distinct.push(values[i]!)
  }
  return distinct
}

/** The value of the row with this rank, the first being 0. */
function valueAt({ values, weights }: Ranked, rank: number): number {
  if (weights === undefined) return values[rank]!
  let before = 0
  let i = 0
  while (i < values.length - 1 && before + weights[i]! <= rank) before += weights[i++]!
  return values[i]!
}
