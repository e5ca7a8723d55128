import { type NoAnswer, noAnswer } from '../../math/index.ts'
import { logGamma } from '../drift/tail-probabilities.ts'
import { check, checkAlpha } from './check.ts'

export interface ConfidenceSequence {
  /** −Infinity for the one-sided sequence `upper`. */
  readonly low: number
  /** Infinity for the one-sided sequence `lower`. */
  readonly high: number
  /** Of no difference; null where one-sided. Take the least so far: it never rises then. */
  readonly pValue: number | null
}

/**
 * An interval for an effect that holds at all looks together, however often and whenever one looks: the asymptotic
 * confidence sequence of Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas (2021), which is the mSPRT of Johari and
 * others with mixing variance τ² = ρ² se² N. `n` is the units of both arms, `plannedN` (5,000) the number at which the
 * interval is tightest: fix it before the start. `side`: `both` (the default), or a `lower` or `upper` bound alone.
 * For large samples; use `bernoulliConfidenceSequence` for a rate. A standard error of 0: NO_VARIANCE; n < 2:
 * TOO_FEW_ROWS. PARAM_INVALID.
 *
 * @example
 * confidenceSequence({ difference: 0, standardError: 1, n: 100 }).pValue // 1
 */
export function confidenceSequence(input: {
  readonly difference: number
  readonly standardError: number
  readonly n: number
  readonly plannedN?: number
  readonly alpha?: number
  readonly side?: 'both' | 'lower' | 'upper'
}): ConfidenceSequence | NoAnswer {
  const { difference, standardError, n, plannedN = 5000, alpha = 0.05, side = 'both' } = input
  checkPositive('plannedN', plannedN)
  checkAlpha(alpha)
  if (n < 2) return noAnswer('TOO_FEW_ROWS')
  if (!(standardError > 0)) return noAnswer('NO_VARIANCE')
  const squaredRho = mixingPrecision(side === 'both' ? alpha : 2 * alpha) / plannedN
  const scale = n * squaredRho + 1
  const log =
    side === 'both' ? Math.log(Math.sqrt(scale) / alpha) : Math.log1p(Math.sqrt(scale) / (2 * alpha))
  const reach = standardError * Math.sqrt(n) * Math.sqrt(((2 * scale) / (n * n * squaredRho)) * log)
  if (side === 'lower') return { low: difference - reach, high: Number.POSITIVE_INFINITY, pValue: null }
  if (side === 'upper') return { low: Number.NEGATIVE_INFINITY, high: difference + reach, pValue: null }
  const evidence = (n * difference ** 2) / standardError ** 2
  const pValue = Math.min(1, Math.sqrt(scale) * Math.exp((-squaredRho * evidence) / (2 * scale)))
  return { low: difference - reach, high: difference + reach, pValue }
}

/**
 * The normal-mixture boundary (Howard, Ramdas, McAuliffe and Sekhon 2021): with chance 1 − alpha a sum with variance
 * process v stays below it at all times. `optimalV` is the v at which it is tightest for alpha 0.05.
 *
 * @example
 * normalMixtureBoundary({ v: 100, optimalV: 100 }).toFixed(5) // '30.35209'
 */
export function normalMixtureBoundary(input: {
  readonly v: number
  readonly optimalV: number
  readonly alpha?: number
}): number {
  const { v, optimalV, alpha = 0.05 } = input
  const rho = optimalV / mixingPrecision(0.05)
  return Math.sqrt((v + rho) * (Math.log((v + rho) / rho) - 2 * Math.log(alpha)))
}

/** ln of the mixture martingale at the sum s: the evidence against a mean of 0. */
export function normalLogMixture(input: {
  readonly s: number
  readonly v: number
  readonly optimalV: number
}): number {
  const { s, v, optimalV } = input
  const rho = optimalV / mixingPrecision(0.05)
  return 0.5 * Math.log(rho / (v + rho)) + s ** 2 / (2 * (v + rho))
}

/**
 * A confidence sequence of a rate, exact at any number of trials: all p that the beta-binomial mixture (Howard and
 * others 2021) does not speak against. Tightest at `optimalTrials`. No trials: [0, 1]. PARAM_INVALID.
 *
 * @example
 * bernoulliConfidenceSequence({ successes: 0, trials: 0, optimalTrials: 100 }) // [ 0, 1 ]
 */
export function bernoulliConfidenceSequence(input: {
  readonly successes: number
  readonly trials: number
  readonly optimalTrials: number
  readonly alpha?: number
}): readonly [low: number, high: number] {
  const { successes, trials, optimalTrials, alpha = 0.05 } = input
  checkPositive('optimalTrials', optimalTrials)
  checkAlpha(alpha)
  if (trials === 0) return [0, 1]
  const rate = successes / trials
  const isRefuted = (p: number): boolean =>
    betaBinomialLog({ successes, trials, p, optimalTrials }) >= -Math.log(alpha)
  return [edge(isRefuted, 0, rate), edge(isRefuted, 1, rate)]
}

/** −2 ln α + ln(1 − 2 ln α): ρ² N* of the mixture that is tightest at N*. */
function mixingPrecision(alpha: number): number {
  const log = -2 * Math.log(alpha)
  return log + Math.log1p(log)
}

function betaBinomialLog(input: {
  readonly successes: number
  readonly trials: number
  readonly p: number
  readonly optimalTrials: number
}): number {
  const { successes, trials, p, optimalTrials } = input
  const variance = p * (1 - p)
  const r = Math.max((optimalTrials * variance) / mixingPrecision(0.05) - variance, 1e-3 * variance)
  const [a, b] = [r / (1 - p), r / p]
  const failures = trials - successes
  return (
    logBeta(a + successes, b + failures) - logBeta(a, b) - successes * Math.log(p) - failures * Math.log1p(-p)
  )
}

/** Where the refuted rates end, from the far side to the observed rate, which is never refuted. */
function edge(isRefuted: (p: number) => boolean, far: 0 | 1, rate: number): number {
  if (rate === far) return far
  let [outer, inner] = [far as number, Math.min(1 - 1e-12, Math.max(1e-12, rate))]
  for (let step = 0; step < 60; step++) {
    const middle = (outer + inner) / 2
    if (isRefuted(middle)) outer = middle
    else inner = middle
  }
  return outer
}

function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b)
}

function checkPositive(name: string, value: number): void {
  check(name, value, 'a positive number', value > 0 && value < Number.POSITIVE_INFINITY)
}
