import { logGamma } from './tail-probabilities.ts'

/**
 * P(D ≥ d) for the largest distance D between a continuous distribution and the empirical one of n draws from it.
 * Where SciPy's `kstwo.sf` changes its formula this does too, after Simard and L'Ecuyer, J. Statistical Software 39
 * (2011): twice the one-sided tail where both sides together hardly happen (exact to 1e-9), Durbin's matrix for small
 * n or d, Pelz and Good's series for the rest. Cost O(n) for a tail, O(nd)³ for the matrix.
 *
 * @example
 * kolmogorovTail(1, 0.75) // 0.5
 */
export function kolmogorovTail(n: number, d: number): number {
  if (d >= 1) return 0
  if (n * d <= 0.5) return 1
  const size = n * d * d
  if (d >= 0.5 || n * d >= n - 1 || size > (n <= 140 ? 4 : 2.2)) {
    return size >= 370 ? 0 : Math.min(1, 2 * oneSidedTail(n, d))
  }
  const isSmall = n <= 140 || (n <= 100_000 && n * d ** 1.5 <= 1.4)
  return 1 - (isSmall ? byMatrix(n, d) : bySeries(n, d))
}

/** P(D⁺ ≥ d), all of its terms positive. Birnbaum and Tingey 1951. */
function oneSidedTail(n: number, d: number): number {
  const logFactorial = logGamma(n + 1)
  let sum = 0
  for (let j = 0; j <= Math.floor(n * (1 - d)); j++) {
    const rest = 1 - d - j / n
    // the last term may be 0 to the power of 0
    if (rest <= 0 && j < n) continue
    const logChoices = logFactorial - logGamma(j + 1) - logGamma(n - j + 1)
    const logRest = j === n ? 0 : (n - j) * Math.log(rest)
    sum += Math.exp(logChoices + (j - 1) * Math.log(d + j / n) + logRest)
  }
  return d * sum
}

/** P(D < d) by the n-th power of Durbin's matrix. Marsaglia, Tsang and Wang 2003. */
function byMatrix(n: number, d: number): number {
  const k = Math.ceil(n * d)
  const size = 2 * k - 1
  let power = durbinMatrix(k - n * d, size)
  let result = identity(size)
  // numbers are kept near 1: the true one is number · 2^exponent
  let [exponent, powerExponent] = [0, 0]
  for (let left = n; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) {
      result = product(result, power, size)
      exponent += powerExponent
    }
    power = product(power, power, size)
    powerExponent *= 2
    if (power[(k - 1) * size + k - 1]! > 2 ** 128) {
      power = power.map((value) => value * 2 ** -128)
      powerExponent += 128
    }
  }
  let p = result[(k - 1) * size + k - 1]!
  for (let i = 1; i <= n; i++) {
    p *= i / n
    if (p < 2 ** -128) {
      p *= 2 ** 128
      exponent -= 128
    }
  }
  return p * 2 ** exponent
}

function durbinMatrix(h: number, size: number): Float64Array {
  const matrix = new Float64Array(size * size)
  const inverseFactorial = new Float64Array(size + 1).fill(1)
  for (let i = 1; i <= size; i++) inverseFactorial[i] = inverseFactorial[i - 1]! / i
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= Math.min(row + 1, size - 1); column++) {
      matrix[row * size + column] = inverseFactorial[row - column + 1]!
    }
  }
  for (let i = 0; i < size; i++) {
    const edge = (1 - h ** (i + 1)) * inverseFactorial[i + 1]!
    matrix[i * size] = edge
    matrix[(size - 1) * size + size - 1 - i] = edge
  }
  const corner = 1 - 2 * h ** size + Math.max(2 * h - 1, 0) ** size
  matrix[(size - 1) * size] = corner * inverseFactorial[size]!
  return matrix
}

function identity(size: number): Float64Array {
  const matrix = new Float64Array(size * size)
  for (let i = 0; i < size; i++) matrix[i * size + i] = 1
  return matrix
}

function product(a: Float64Array, b: Float64Array, size: number): Float64Array {
  const result = new Float64Array(size * size)
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < size; k++) {
      const factor = a[i * size + k]!
      if (factor === 0) continue
      for (let j = 0; j < size; j++) result[i * size + j]! += factor * b[k * size + j]!
    }
  }
  return result
}

/** P(D < d), an expansion in 1/√n whose terms are theta functions of z = d√n. Pelz and Good 1976. */
function bySeries(n: number, d: number): number {
  const z = d * Math.sqrt(n)
  const pi2 = Math.PI ** 2
  const decay = -pi2 / (8 * z * z)
  let [k0, k1, k2, k3] = [0, 0, 0, 0]
  for (let k = Math.ceil((16 * z) / Math.PI); k >= 0; k--) {
    const odd = (2 * k + 1) ** 2
    const weight = Math.exp(decay * odd)
    const a = pi2 * odd
    k0 += weight
    k1 += weight * (-(z ** 2) + a / 4)
    k2 +=
      weight *
      (6 * z ** 6 + 2 * z ** 4 + ((2 * z ** 4 - 5 * z ** 2) * a) / 4 + ((1 - 2 * z ** 2) * a * a) / 16)
    k3 +=
      weight *
      (-30 * z ** 6 -
        90 * z ** 8 +
        ((135 * z ** 4 - 96 * z ** 6) * a) / 4 +
        ((212 * z ** 4 - 60 * z ** 2) * a * a) / 16 +
        ((5 - 30 * z ** 2) * a ** 3) / 64)
  }
  let [extra2, extra3] = [0, 0]
  for (let k = Math.ceil((16 * z) / Math.PI); k > 0; k--) {
    const weight = k * k * Math.exp((-pi2 * k * k) / (2 * z * z))
    extra2 += weight
    extra3 += weight * (3 * z * z - pi2 * k * k)
  }
  const second = k2 / (72 * z ** 7) - (pi2 * extra2) / (36 * z ** 3)
  const third = k3 / (6480 * z ** 10) + (pi2 * extra3) / (216 * z ** 6)
  return Math.sqrt(2 * Math.PI) * (k0 / z + k1 / (6 * z ** 4 * Math.sqrt(n)) + second / n + third / n ** 1.5)
}
