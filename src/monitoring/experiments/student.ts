import { normalQuantile } from '../../math/index.ts'
import { logGamma } from '../drift/tail-probabilities.ts'

/**
 * P(|T| > |t|) of Student's distribution, fractional degrees of freedom allowed: the regularized incomplete beta
 * function I_x(ν/2, ½) at x = ν / (ν + t²), by its continued fraction (modified Lentz). Good to 1e-12 relative;
 * lib-r-math.js's `pt` is off by 1e-7. Cost O(√ν).
 *
 * @example
 * studentTwoSided(0, 5) // 1
 */
export function studentTwoSided(t: number, degreesOfFreedom: number): number {
  const a = degreesOfFreedom / 2
  const square = t * t
  const x = degreesOfFreedom / (degreesOfFreedom + square)
  const y = square / (degreesOfFreedom + square)
  if (x === 0 || y === 0) return x === 0 ? 0 : 1
  const front = Math.exp(a * Math.log1p(-y) + 0.5 * Math.log(y) - logBeta(a))
  // the fraction converges fast on one side of the mean: take the other end where needed
  if (x < (a + 1) / (a + 2.5)) return (front / a) * betaFraction({ x, a, b: 0.5 })
  return 1 - 2 * front * betaFraction({ x: y, a: 0.5, b: a })
}

/**
 * The t with P(T ≤ t) = p for p from ½ to 1, by Newton's method from the normal quantile.
 *
 * @example
 * studentQuantile(0.5, 3) // 0
 */
export function studentQuantile(p: number, degreesOfFreedom: number): number {
  const target = 2 * (1 - p)
  const a = degreesOfFreedom / 2
  let t = normalQuantile(p)
  for (let step = 0; step < 100; step++) {
    const logDensity =
      -(a + 0.5) * Math.log1p((t * t) / degreesOfFreedom) - logBeta(a) - 0.5 * Math.log(2 * a)
    const change = (studentTwoSided(t, degreesOfFreedom) - target) / (2 * Math.exp(logDensity))
    t += change
    if (Math.abs(change) <= 1e-14 * Math.abs(t)) break
  }
  return t
}

/** ln B(a, ½). For a large a the two logarithms of Γ cancel, so their difference is taken from its series. */
function logBeta(a: number): number {
  const half = 0.5 * Math.log(Math.PI)
  if (a < 30) return logGamma(a) + half - logGamma(a + 0.5)
  const inverse = 1 / a
  const series = (-1 / 8 + (1 / 192 - (1 / 640) * inverse ** 2) * inverse ** 2) * inverse
  return half - 0.5 * Math.log(a) - series
}

/** The continued fraction of I_x(a, b) (Abramowitz and Stegun 26.5.8). */
function betaFraction({ x, a, b }: { readonly x: number; readonly a: number; readonly b: number }): number {
  const tiny = 1e-300
  const away = (value: number): number => (Math.abs(value) < tiny ? tiny : value)
  let c = 1
  let d = 1 / away(1 - ((a + b) * x) / (a + 1))
  let value = d
  for (let m = 1; m < 100_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / away(1 + even * d)
    c = away(1 + even / c)
    value *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / away(1 + odd * d)
    c = away(1 + odd / c)
    value *= d * c
    if (Math.abs(d * c - 1) < 1e-15) break
  }
  return value
}
