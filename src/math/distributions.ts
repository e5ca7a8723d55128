import { createRequire } from 'node:module'

let loaded: typeof import('lib-r-math.js') | undefined

/**
 * P(Z ≤ z) of the standard normal distribution; `upper` gives P(Z > z) without losing digits in the far tail.
 * NaN in, NaN out; 0 below z = −37.5. R's `pnorm` (Cody 1969) through lib-r-math.js, to 1e-12 relative in the far tails.
 *
 * @example
 * normalCdf(0) // 0.5
 */
export function normalCdf(z: number, options: { upper?: boolean } = {}): number {
  return rMath().pnorm(z, 0, 1, !options.upper)
}

/**
 * The z with P(Z ≤ z) = p, the inverse of `normalCdf`; p = 0 gives −Infinity and p = 1 Infinity.
 * p outside [0, 1] or NaN gives NaN. R's `qnorm` (Wichura 1988, AS 241).
 *
 * @example
 * normalQuantile(0.5) // 0
 */
export function normalQuantile(p: number): number {
  return rMath().qnorm(p)
}

/** R's mathematics, loaded at the first call: it takes some 60 ms, which a server that only scores never spends. */
function rMath(): typeof import('lib-r-math.js') {
  loaded ??= createRequire(import.meta.url)('lib-r-math.js') as typeof import('lib-r-math.js')
  return loaded
}
