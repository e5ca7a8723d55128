import { FdsError } from '../../errors.ts'
import { type NoAnswer, noAnswer, type Vector } from '../../math/index.ts'
import { studentQuantile, studentTwoSided } from './student.ts'

/** Count, mean and variance (with n − 1) of a sample. */
export interface Moments {
  readonly n: number
  readonly mean: number
  readonly variance: number
}

/** The comparison of two means. */
export interface WelchTest {
  /** mean(a) − mean(b) */
  readonly difference: number
  readonly standardError: number
  readonly t: number
  readonly degreesOfFreedom: number
  /** Two-sided. */
  readonly pValue: number
  /** The 95 % interval of the difference, [low, high]. */
  readonly ci: readonly [low: number, high: number]
}

/**
 * Welch's test of two means with unequal variances, degrees of freedom by Welch and Satterthwaite; two-sided, as
 * SciPy's `ttest_ind(equal_var=False)`. For one look at a time fixed before. Fewer than two values on a side:
 * TOO_FEW_ROWS; no spread on either side: NO_VARIANCE. SCORES_INVALID for NaN or infinities. Cost O(n).
 *
 * @example
 * welchTest([1, 2, 3], [1, 2, 3]).pValue // 1
 */
export function welchTest(a: Vector, b: Vector): WelchTest | NoAnswer {
  return welchTestOfMoments({ a: momentsOf(a), b: momentsOf(b) })
}

/** The same from moments, for samples that are not at hand. */
export function welchTestOfMoments({
  a,
  b,
}: {
  readonly a: Moments
  readonly b: Moments
}): WelchTest | NoAnswer {
  if (a.n < 2 || b.n < 2) return noAnswer('TOO_FEW_ROWS')
  const [shareA, shareB] = [a.variance / a.n, b.variance / b.n]
  const squaredError = shareA + shareB
  if (squaredError === 0) return noAnswer('NO_VARIANCE')
  const degreesOfFreedom = squaredError ** 2 / (shareA ** 2 / (a.n - 1) + shareB ** 2 / (b.n - 1))
  return meansTest({ difference: a.mean - b.mean, standardError: Math.sqrt(squaredError), degreesOfFreedom })
}

/**
 * Student's test with one pooled variance, as SciPy's `ttest_ind`; otherwise as `welchTestOfMoments`. Here for the
 * naive comparison that the specification teaches.
 */
export function studentTestOfMoments({
  a,
  b,
}: {
  readonly a: Moments
  readonly b: Moments
}): WelchTest | NoAnswer {
  if (a.n < 2 || b.n < 2) return noAnswer('TOO_FEW_ROWS')
  const degreesOfFreedom = a.n + b.n - 2
  const pooled = ((a.n - 1) * a.variance + (b.n - 1) * b.variance) / degreesOfFreedom
  if (pooled === 0) return noAnswer('NO_VARIANCE')
  const standardError = Math.sqrt(pooled * (1 / a.n + 1 / b.n))
  return meansTest({ difference: a.mean - b.mean, standardError, degreesOfFreedom })
}

/**
 * Moments in two passes, so that a mean that is large beside the spread costs no digits. SCORES_INVALID for NaN
 * or infinities.
 *
 * @example
 * momentsOf([1, 2, 3]) // { n: 3, mean: 2, variance: 1 }
 */
export function momentsOf(values: Vector): Moments {
  const n = values.length
  let sum = 0
  for (let i = 0; i < n; i++) {
    if (!Number.isFinite(values[i])) {
      throw new FdsError('SCORES_INVALID', { reason: `value ${i} must be a finite number, got ${values[i]}` })
    }
    sum += values[i]!
  }
  const mean = n === 0 ? 0 : sum / n
  let squares = 0
  let rest = 0
  for (let i = 0; i < n; i++) {
    squares += (values[i]! - mean) ** 2
    rest += values[i]! - mean
  }
  // the second term takes back what rounding left in the mean
  return { n, mean: n === 0 ? 0 : mean + rest / n, variance: n < 2 ? 0 : (squares - rest ** 2 / n) / (n - 1) }
}

function meansTest(input: {
  readonly difference: number
  readonly standardError: number
  readonly degreesOfFreedom: number
}): WelchTest {
  const { difference, standardError, degreesOfFreedom } = input
  const t = difference / standardError
  const reach = studentQuantile(0.975, degreesOfFreedom) * standardError
  const pValue = studentTwoSided(t, degreesOfFreedom)
  return { ...input, t, pValue, ci: [difference - reach, difference + reach] }
}
