import { createRequire } from 'node:module'

let loaded: typeof import('lib-r-math.js') | undefined

/** P(X > x) of the chi-square distribution. R's `pchisq`. */
export function chiSquareTail(x: number, degreesOfFreedom: number): number {
  return rMath().pchisq(x, degreesOfFreedom, undefined, false)
}

/** ln Γ(x) for x > 0. R's `lgamma`. */
export function logGamma(x: number): number {
  return rMath().lgamma(x)
}

/**
 * P(X > x) of the non-central chi-square distribution: central tails with 2j more degrees of freedom, weighted by
 * the Poisson probabilities of j with mean λ/2. Only the j within 9 standard deviations of the mean count; each
 * tail follows from the one before by adding a positive term, so nothing cancels. (lib-r-math.js, which has the
 * function too, gives 1 for 0.386 at x = 25,100, df = 9, λ = 25,000.) Cost O(√λ).
 */
export function noncentralChiSquareTail(input: {
  readonly x: number
  readonly degreesOfFreedom: number
  readonly lambda: number
}): number {
  const { x, degreesOfFreedom, lambda } = input
  if (lambda === 0) return chiSquareTail(x, degreesOfFreedom)
  if (x <= 0) return 1
  const mean = lambda / 2
  const reach = 9 * Math.sqrt(mean) + 40
  const from = Math.max(0, Math.floor(mean - reach))
  const to = Math.ceil(mean + reach)

  let tail = chiSquareTail(x, degreesOfFreedom + 2 * from)
  let logWeight = from * Math.log(mean) - mean - logGamma(from + 1)
  let shape = degreesOfFreedom / 2 + from
  let logStep = shape * Math.log(x / 2) - x / 2 - logGamma(shape + 1)
  let sum = 0
  for (let j = from; j <= to; j++) {
    sum += Math.exp(logWeight) * tail
    tail += Math.exp(logStep)
    shape += 1
    logStep += Math.log(x / 2 / shape)
    logWeight += Math.log(mean / (j + 1))
  }
  return Math.min(1, sum)
}

/** R's mathematics, loaded at the first call: it takes some 60 ms, which a server that only scores never spends. */
function rMath(): typeof import('lib-r-math.js') {
  loaded ??= createRequire(import.meta.url)('lib-r-math.js') as typeof import('lib-r-math.js')
  return loaded
}
