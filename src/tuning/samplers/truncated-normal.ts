import { createRequire } from 'node:module'

let loaded: typeof import('lib-r-math.js') | undefined

/**
 * ln P(a ≤ Z ≤ b) of the standard normal distribution, a ≤ b, without losing digits in either tail.
 * −Infinity where a = b. Kernel.
 *
 * @example
 * Math.exp(logNormalMass(-Infinity, 0)) // 0.5
 */
export function logNormalMass(a: number, b: number): number {
  // the right tail has no digits left: work in the left one, by symmetry
  if (a > 0) return logNormalMass(-b, -a)
  if (b > 0) return Math.log1p(-normalCdf(a) - normalCdf(-b))
  const logB = logNormalCdf(b)
  return logB + Math.log1p(-Math.exp(logNormalCdf(a) - logB))
}

/**
 * The x in [a, b] with P(Z ≤ x | a ≤ Z ≤ b) = q: the quantile of a truncated standard normal. Kernel.
 *
 * @example
 * truncatedNormalQuantile(1, -1, 1) // 1
 */
export function truncatedNormalQuantile(q: number, a: number, b: number): number {
  if (a >= 0) return -truncatedNormalQuantile(1 - q, -b, -a)
  const logP = Math.min(logSum(logNormalCdf(a), Math.log(q) + logNormalMass(a, b)), 0)
  return Math.min(Math.max(rMath().qnorm(logP, 0, 1, true, true), a), b)
}

function normalCdf(z: number): number {
  return rMath().pnorm(z)
}

function logNormalCdf(z: number): number {
  return rMath().pnorm(z, 0, 1, true, true)
}

function logSum(a: number, b: number): number {
  const most = Math.max(a, b)
  return most === Number.NEGATIVE_INFINITY ? most : most + Math.log1p(Math.exp(Math.min(a, b) - most))
}

/** R's mathematics, loaded at the first call: it takes some 60 ms, which a server that only scores never spends. */
function rMath(): typeof import('lib-r-math.js') {
  loaded ??= createRequire(import.meta.url)('lib-r-math.js') as typeof import('lib-r-math.js')
  return loaded
}
