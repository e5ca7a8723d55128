import { erf, erfc } from './erf.ts'

/**
 * ln P(Z ≤ z) of the standard normal distribution, without losing digits in the left tail: by erfc down to
 * z = −20, by the asymptotic series below. As in Optuna 5.0.0. Kernel.
 *
 * @example
 * Math.exp(logNormalCdf(0)) // 0.5
 */
export function logNormalCdf(z: number): number {
  if (z > 6) return -cdf(-z)
  if (z > -20) return Math.log(cdf(z))
  const inverseSquare = 1 / (z * z)
  let series = 1
  let term = 1
  for (let i = 1, last = 0; Math.abs(last - series) > Number.EPSILON; i++) {
    term *= -(2 * i - 1) * inverseSquare
    last = series
    series += term
  }
  return -0.5 * z * z - Math.log(-z) - LOG_SQRT_2PI + Math.log(series)
}

/**
 * ln P(a ≤ Z ≤ b) of the standard normal distribution, a ≤ b, without losing digits in either tail.
 * −Infinity where a = b. As in Optuna 5.0.0. Kernel.
 *
 * @example
 * Math.exp(logNormalMass(-Infinity, 0)) // 0.5
 */
export function logNormalMass(a: number, b: number): number {
  // the right tail has no digits left: work in the left one, by symmetry
  if (a > 0) return leftMass(-b, -a)
  if (b <= 0) return leftMass(a, b)
  return Math.log1p(-(0.5 + 0.5 * erf(a / Math.SQRT2)) - (0.5 + 0.5 * erf(-b / Math.SQRT2)))
}

/**
 * The x in [a, b] with P(Z ≤ x | a ≤ Z ≤ b) = q: the quantile of a truncated standard normal distribution, a < b.
 * `logMass` is `logNormalMass(a, b)`, which callers have at hand. As in Optuna 5.0.0. Kernel.
 *
 * @example
 * truncatedNormalQuantile({ q: 1, a: -1, b: 1, logMass: logNormalMass(-1, 1) }) // 1
 */
export function truncatedNormalQuantile(input: {
  readonly q: number
  readonly a: number
  readonly b: number
  readonly logMass: number
}): number {
  const { q, a, b, logMass } = input
  if (q === 0) return a
  if (q === 1) return b
  const x =
    a < 0
      ? quantileOfLog(logSum(logNormalCdf(a), Math.log(q) + logMass))
      : -quantileOfLog(logSum(logNormalCdf(-b), Math.log1p(-q) + logMass))
  return Math.min(Math.max(x, a), b)
}

/**
 * The x with ln P(Z ≤ x) = y, y < 0, by Newton's method: Optuna's start and its stop at a relative step of 1e-8,
 * which leaves the root right to rounding.
 */
function quantileOfLog(y: number): number {
  // near y = 0 the digits are in the other tail
  const isFlipped = y > -1e-2
  const target = isFlipped ? Math.log(-Math.expm1(y)) : y
  let x =
    target < -5
      ? -Math.sqrt(-2 * (target + LOG_SQRT_2PI))
      : (-Math.sqrt(3) / Math.PI) * Math.log(Math.expm1(-target))
  for (let i = 0; i < 100; i++) {
    const logP = logNormalCdf(x)
    const step = (logP - target) * Math.exp(logP + 0.5 * x * x + LOG_SQRT_2PI)
    x -= step
    if (Math.abs(step) < 1e-8 * Math.abs(x)) break
  }
  return isFlipped ? -x : x
}

function leftMass(a: number, b: number): number {
  const logB = logNormalCdf(b)
  return logB + Math.log1p(-Math.exp(logNormalCdf(a) - logB))
}

function cdf(z: number): number {
  const x = z / Math.SQRT2
  if (x < -Math.SQRT1_2) return 0.5 * erfc(-x)
  if (x < Math.SQRT1_2) return 0.5 + 0.5 * erf(x)
  return 1 - 0.5 * erfc(x)
}

function logSum(a: number, b: number): number {
  if (a === b) return a + Math.LN2
  return a > b ? a + Math.log1p(Math.exp(b - a)) : b + Math.log1p(Math.exp(a - b))
}

const LOG_SQRT_2PI = 0.5 * Math.log(2 * Math.PI)
