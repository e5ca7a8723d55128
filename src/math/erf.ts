/**
 * The error function, 2/√π ∫₀ˣ exp(−t²) dt; odd, ±1 from |x| = 6 on, NaN for NaN. Within two units in the last place
 * of the C library's. Rational approximations as in FreeBSD's msun (Sun Microsystems, 1993).
 *
 * @example
 * erf(0.5) // 0.5204998778130465
 */
export function erf(x: number): number {
  const size = Math.abs(x)
  if (size < SMALL) return x + x * ratio(SMALL_ABOVE, SMALL_BELOW, x * x)
  if (size >= 6) return Math.sign(x)
  if (size < 1.25) return Math.sign(x) * (NEAR_ONE + ratio(MIDDLE_ABOVE, MIDDLE_BELOW, size - 1))
  return Math.sign(x) * (1 - tail(size))
}

/**
 * 1 − erf(x) without losing digits for large x; 0 from about 27.3 on, 2 at −∞, NaN for NaN. See `erf`.
 *
 * @example
 * erfc(3) // 0.000022090496998585438
 */
export function erfc(x: number): number {
  const size = Math.abs(x)
  if (size < SMALL) {
    const part = x * ratio(SMALL_ABOVE, SMALL_BELOW, x * x)
    return x < 0.25 ? 1 - (x + part) : 0.5 - (x - 0.5 + part)
  }
  if (size < 1.25) {
    const part = ratio(MIDDLE_ABOVE, MIDDLE_BELOW, size - 1)
    return x > 0 ? 1 - NEAR_ONE - part : 1 + (NEAR_ONE + part)
  }
  if (size < 28) return x > 0 ? tail(size) : 2 - tail(size)
  return x > 0 ? 0 : x < 0 ? 2 : x
}

/** erfc(x) for 1.25 ≤ x < 28. */
function tail(x: number): number {
  const s = 1 / (x * x)
  const rest = x < 1 / 0.35 ? ratio(TAIL_ABOVE, TAIL_BELOW, s) : ratio(FAR_ABOVE, FAR_BELOW, s)
  // x² is parted into an exact square and a small rest, because exp magnifies the rounding of x²
  const rounded = Math.fround(x)
  return (Math.exp(-rounded * rounded - 0.5625) * Math.exp((rounded - x) * (rounded + x) + rest)) / x
}

function ratio(above: Float64Array, below: Float64Array, z: number): number {
  return polynomial(above, z) / polynomial(below, z)
}

/** Coefficients from the constant up. */
function polynomial(coefficients: Float64Array, z: number): number {
  let sum = coefficients[coefficients.length - 1]
  for (let i = coefficients.length - 2; i >= 0; i--) sum = coefficients[i] + z * sum
  return sum
}

/** Below it, (erf(x) − x) / x is a ratio of polynomials in x². */
const SMALL = 0.84375
const SMALL_ABOVE = Float64Array.of(
  0.12837916709551256,
  -0.3250421072470015,
  -0.02848174957559851,
  -0.005770270296489442,
  -2.3763016656650163e-5,
)
const SMALL_BELOW = Float64Array.of(
  1,
  0.39791722395915535,
  0.0650222499887673,
  0.005081306281875766,
  0.00013249473800432164,
  -3.960228278775368e-6,
)

/** erf(1) to 24 bits; up to 1.25, erf(x) less it is a ratio in x − 1. */
const NEAR_ONE = 0.8450629115104675
const MIDDLE_ABOVE = Float64Array.of(
  -0.0023621185607526594,
  0.41485611868374833,
  -0.3722078760357013,
  0.31834661990116175,
  -0.11089469428239668,
  0.035478304325618236,
  -0.002166375594868791,
)
const MIDDLE_BELOW = Float64Array.of(
  1,
  0.10642088040084423,
  0.540397917702171,
  0.07182865441419627,
  0.12617121980876164,
  0.01363708391202905,
  0.011984499846799107,
)

/** Up to 1/0.35, ln(x erfc(x)) + x² + 0.5625 is a ratio in 1/x². */
const TAIL_ABOVE = Float64Array.of(
  -0.009864944034847148,
  -0.6938585727071818,
  -10.558626225323291,
  -62.375332450326006,
  -162.39666946257347,
  -184.60509290671104,
  -81.2874355063066,
  -9.814329344169145,
)
const TAIL_BELOW = Float64Array.of(
  1,
  19.651271667439257,
  137.65775414351904,
  434.56587747522923,
  645.3872717332679,
  429.00814002756783,
  108.63500554177944,
  6.570249770319282,
  -0.0604244152148581,
)

/** The same from there to 28. */
const FAR_ABOVE = Float64Array.of(
  -0.0098649429247001,
  -0.799283237680523,
  -17.757954917754752,
  -160.63638485582192,
  -637.5664433683896,
  -1025.0951316110772,
  -483.5191916086514,
)
const FAR_BELOW = Float64Array.of(
  1,
  30.33806074348246,
  325.7925129965739,
  1536.729586084437,
  3199.8582195085955,
  2553.0504064331644,
  474.52854120695537,
  -22.44095244658582,
)
