// For tests only: the derivatives of the logistic loss, written to be read.
import { sigmoid } from '../logistic.ts'

/** No hessian is smaller, so that no leaf divides by 0 (XGBoost's). */
const HESSIAN_MIN = Math.fround(1e-16)

/**
 * First and second derivative of the logistic loss by the margin, times the row's weight, interleaved:
 * p - y and p (1 - p). float32, as in XGBoost.
 */
export function plainGradients(
  margins: Float32Array,
  labels: Uint8Array,
  weights: Float32Array,
): Float32Array {
  const { fround } = Math
  const gradients = new Float32Array(2 * margins.length)
  margins.forEach((margin, i) => {
    const probability = sigmoid(margin)
    const hessian = fround(probability * fround(1 - probability))
    gradients[2 * i] = fround(probability - labels[i]) * weights[i]
    gradients[2 * i + 1] = Math.max(hessian, HESSIAN_MIN) * weights[i]
  })
  return gradients
}
