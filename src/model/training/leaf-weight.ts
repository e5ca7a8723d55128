import type { BoosterParams } from '../params.ts'

/** What bounds and shrinks the weights of leaves; float32, as XGBoost keeps its parameters. */
export interface Regularization {
  readonly lambda: number
  readonly alpha: number
  readonly maxDeltaStep: number
  readonly minChildWeight: number
}

export function regularizationOf(params: BoosterParams): Regularization {
  return {
    lambda: Math.fround(params.regLambda),
    alpha: Math.fround(params.regAlpha),
    maxDeltaStep: Math.fround(params.maxDeltaStep),
    minChildWeight: Math.fround(params.minChildWeight),
  }
}

/**
 * The weight that minimises the loss of a leaf: equation 5 of Chen & Guestrin 2016
 * (https://arxiv.org/abs/1603.02754), the gradient soft-thresholded by alpha, then cut to ±maxDeltaStep.
 * 0 for a leaf that is too light. float32 of a float64 quotient, as in XGBoost.
 */
export function leafWeight(gradient: number, hessian: number, by: Regularization): number {
  if (hessian < by.minChildWeight || hessian <= 0) return 0
  const weight = -softThreshold(gradient, by.alpha) / (hessian + by.lambda)
  if (by.maxDeltaStep !== 0 && Math.abs(weight) > by.maxDeltaStep) {
    return weight < 0 ? -by.maxDeltaStep : by.maxDeltaStep
  }
  return Math.fround(weight)
}

/** Moves towards 0 by alpha, and to 0 within alpha of it: the proximal step of an L1 penalty. */
export function softThreshold(gradient: number, alpha: number): number {
  if (gradient > alpha) return gradient - alpha
  if (gradient < -alpha) return gradient + alpha
  return 0
}

/**
 * Twice the loss that a leaf of the best weight takes away, without the factor 1/2 of equation 6.
 * float32, as in XGBoost.
 */
export function leafGain(gradient: number, hessian: number, by: Regularization): number {
  if (hessian <= 0) return 0
  const shrunk = softThreshold(gradient, by.alpha)
  return Math.fround(Math.fround(shrunk * shrunk) / Math.fround(hessian + by.lambda))
}

/**
 * The same for a leaf whose weight was cut (by `maxDeltaStep` or a monotone constraint): equation 3.
 * Leaves out the L1 term, as XGBoost does.
 */
export function leafGainAt(weight: number, gradient: number, hessian: number, by: Regularization): number {
  if (hessian <= 0) return 0
  const { fround } = Math
  const linear = fround(fround(2 * fround(gradient)) * weight)
  const quadratic = fround(fround(fround(hessian) + by.lambda) * fround(weight * weight))
  return -fround(linear + quadratic)
}
