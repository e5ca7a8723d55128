// First and second derivatives of the logistic loss, two rows at a time.

/** XGBoost's cut of the exponent. */
const EXPONENT_MAX: f64 = 88.7

/** exp of this and below is 0 in float32. */
const EXPONENT_MIN: f64 = -110

const LOG2_E: f64 = Math.LOG2E
const LN2_HIGH: f64 = 0.6931471803691238
const LN2_LOW: f64 = 1.9082149292705877e-10

/** 1.5 × 2^52: adding it rounds to an integer, which then stands in the low bits. */
const ROUNDER: f64 = 6755399441055744

/**
 * Writes gradient and hessian of the rows `begin` to `end`, interleaved float32: (p - y) w and
 * max(p (1 - p), 1e-16) w, every step rounded as XGBoost rounds it. exp is computed in float64 to 1e-11 and
 * rounded once.
 *
 * `begin` must be even, and there must be room for one row more: the last step may compute it.
 */
export function logisticGradients(
  gradients: usize,
  margins: usize,
  labels: usize,
  weights: usize,
  begin: i32,
  end: i32,
): void {
  const one = f32x4.splat(1)
  const tiny = f32x4.splat(1e-16)
  for (let row = begin; row < end; row += 2) {
    const at = (<usize>row) << 2
    const margin = f64x2.promote_low_f32x4(v128.load64_zero(margins + at))
    const exp = f32x4.demote_f64x2_zero(exponential(f64x2.neg(margin)))
    const probability = f32x4.div(one, f32x4.add(exp, one))
    const label = f32x4.convert_i32x4_s(
      i32x4.extend_low_i16x8_u(
        i16x8.extend_low_i8x16_u(v128.load16_lane(labels + <usize>row, i8x16.splat(0), 0)),
      ),
    )
    const weight = v128.load64_zero(weights + at)
    const gradient = f32x4.mul(f32x4.sub(probability, label), weight)
    const curvature = f32x4.mul(probability, f32x4.sub(one, probability))
    const hessian = f32x4.mul(f32x4.pmax(curvature, tiny), weight)
    v128.store(gradients + (at << 1), v128.shuffle<i32>(gradient, hessian, 0, 4, 1, 5))
  }
}

/**
 * exp of two numbers: 2^k times the Taylor polynomial of degree 9 of the rest, which is at most ln 2 / 2 in size
 * (relative error 7e-12).
 */
function exponential(exponent: v128): v128 {
  const x = f64x2.pmax(f64x2.pmin(exponent, f64x2.splat(EXPONENT_MAX)), f64x2.splat(EXPONENT_MIN))
  const shifted = f64x2.add(f64x2.mul(x, f64x2.splat(LOG2_E)), f64x2.splat(ROUNDER))
  const k = f64x2.sub(shifted, f64x2.splat(ROUNDER))
  const high = f64x2.sub(x, f64x2.mul(k, f64x2.splat(LN2_HIGH)))
  const rest = f64x2.sub(high, f64x2.mul(k, f64x2.splat(LN2_LOW)))
  let sum = f64x2.splat(1.0 / 362880)
  sum = f64x2.add(f64x2.mul(sum, rest), f64x2.splat(1.0 / 40320))
  sum = f64x2.add(f64x2.mul(sum, rest), f64x2.splat(1.0 / 5040))
  sum = f64x2.add(f64x2.mul(sum, rest), f64x2.splat(1.0 / 720))
  sum = f64x2.add(f64x2.mul(sum, rest), f64x2.splat(1.0 / 120))
  sum = f64x2.add(f64x2.mul(sum, rest), f64x2.splat(1.0 / 24))
  sum = f64x2.add(f64x2.mul(sum, rest), f64x2.splat(1.0 / 6))
  sum = f64x2.add(f64x2.mul(sum, rest), f64x2.splat(1.0 / 2))
  sum = f64x2.add(f64x2.mul(sum, rest), f64x2.splat(1))
  sum = f64x2.add(f64x2.mul(sum, rest), f64x2.splat(1))
  // the low bits of `shifted` are k: moved to the exponent's place they multiply by 2^k
  return i64x2.add(sum, i64x2.shl(shifted, 52))
}
