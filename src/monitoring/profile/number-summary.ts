/** What can be said of a column of numbers without bins; parts add up. */
export interface NumberSummary {
  /** NaN. */
  readonly missing: number
  /** Infinite values of either sign, and the negative ones of them. */
  readonly infinite: number
  readonly negativeInfinite: number
  /** The finite range; null where there is no finite value. */
  readonly min: number | null
  readonly max: number | null
  /** Mean of the finite values and the sum of their squared distances from it; null without one, where they overflow, and for times. */
  readonly mean: number | null
  readonly m2: number | null
}

/**
 * Sums up numbers in two passes, the second of which corrects the rounding of the first. −0 is 0. Cost O(n).
 *
 * @example
 * summarize(Float64Array.of(1, 3, NaN, Infinity)).mean // 2
 */
export function summarize(values: Float64Array): NumberSummary {
  let missing = 0
  let infinite = 0
  let negativeInfinite = 0
  let sum = 0
  let min = Number.POSITIVE_INFINITY
  let max = Number.NEGATIVE_INFINITY
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (value - value === 0) {
      sum += value
      min = value < min ? value : min
      max = value > max ? value : max
    } else if (Number.isNaN(value)) missing += 1
    else {
      infinite += 1
      if (value < 0) negativeInfinite += 1
    }
  }
  const outside = { missing, infinite, negativeInfinite }
  const count = values.length - missing - infinite
  if (count === 0) return { ...outside, min: null, max: null, mean: null, m2: null }
  return { ...outside, min: min + 0, max: max + 0, ...momentsAbout(values, sum / count, count) }
}

/**
 * Adds up the summaries of two parts (Chan, Golub and LeVeque 1979 for the moments). `counts` are the finite values
 * of each.
 */
export function mergeSummaries(
  a: NumberSummary,
  b: NumberSummary,
  counts: readonly [number, number],
): NumberSummary {
  return {
    missing: a.missing + b.missing,
    infinite: a.infinite + b.infinite,
    negativeInfinite: a.negativeInfinite + b.negativeInfinite,
    min: extreme(Math.min, a.min, b.min),
    max: extreme(Math.max, a.max, b.max),
    ...mergeMoments(a, b, counts),
  }
}

type MeanAndM2 = Pick<NumberSummary, 'mean' | 'm2'>

function momentsAbout(values: Float64Array, center: number, count: number): MeanAndM2 {
  let off = 0
  let squares = 0
  for (let i = 0; i < values.length; i++) {
    const distance = values[i]! - center
    if (distance - distance === 0) {
      off += distance
      squares += distance * distance
    }
  }
  return finiteMoments(center + off / count, Math.max(0, squares - (off * off) / count))
}

function mergeMoments(a: MeanAndM2, b: MeanAndM2, [n, m]: readonly [number, number]): MeanAndM2 {
  if (n === 0) return { mean: b.mean, m2: b.m2 }
  if (m === 0) return { mean: a.mean, m2: a.m2 }
  if (a.mean === null || b.mean === null) return { mean: null, m2: null }
  const step = b.mean - a.mean
  const squares = (a.m2 ?? Number.NaN) + (b.m2 ?? Number.NaN)
  return finiteMoments(a.mean + (step * m) / (n + m), squares + step * step * ((n * m) / (n + m)))
}

function finiteMoments(mean: number, m2: number): MeanAndM2 {
  return {
    mean: Number.isFinite(mean) ? mean + 0 : null,
    m2: Number.isFinite(mean) && Number.isFinite(m2) ? m2 : null,
  }
}

function extreme(pick: (a: number, b: number) => number, a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : pick(a, b)
}
