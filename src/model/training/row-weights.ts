import { FdsError } from '../../errors.ts'
import { insideUnit, sigmoid } from '../logistic.ts'

/** Sums of weights stay far within float32's range. */
const WEIGHT_MAX = 1e30

/**
 * Each row's weight times `scale_pos_weight` where its label is 1, in float32.
 * Errors: `TRAINING_DATA_INVALID` for a product past float32.
 */
export function rowWeights(
  labels: Uint8Array,
  weight: ArrayLike<number> | undefined,
  scalePosWeight: number,
): Float32Array {
  const scale = Math.fround(scalePosWeight)
  const weights = new Float32Array(labels.length)
  for (let i = 0; i < labels.length; i++) {
    weights[i] = Math.fround(weight === undefined ? 1 : weight[i]) * (labels[i] === 1 ? scale : 1)
    if (weights[i] > WEIGHT_MAX) {
      const reason = `weights times scale_pos_weight must be at most ${WEIGHT_MAX}, got more in row ${i}`
      throw new FdsError('TRAINING_DATA_INVALID', { reason })
    }
  }
  return weights
}

/**
 * The probability to start from, as XGBoost 3 estimates it: the weighted share of label 1; with a
 * `scale_pos_weight` other than 1, one Newton step of the logistic loss from margin 0. Kept 1e-6 from 0 and 1,
 * where XGBoost's margin stops too, so that older versions load the file of a model of one class.
 */
export function estimateBaseScore(labels: Uint8Array, weights: Float32Array, scalePosWeight: number): number {
  let positive = 0
  let negative = 0
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] === 1) positive += weights[i]
    else negative += weights[i]
  }
  const total = positive + negative
  // a scale_pos_weight of 0 can leave no weight at all
  const share = total > 0 ? positive / total : 0.5
  // at margin 0 the gradient of a row is ±1/2 and its hessian 1/4
  return scalePosWeight === 1 ? Math.fround(insideUnit(share)) : sigmoid(Math.fround(4 * (share - 0.5)))
}
