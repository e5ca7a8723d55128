/**
 * exp(x²) × erfc(x), the complementary error function without its underflow, to some 1e-15 relative for x ≥ 0;
 * it overflows to Infinity below x = −26.6. NaN in, NaN out. Kernel. Rational approximations of Cody 1969.
 *
 * @example
 * erfcx(0) // 1
 */
export function erfcx(x: number): number {
  const y = Math.abs(x)
  if (y <= 0.46875) return Math.exp(x * x) * (1 - smallErf(x))
  const tail = y <= 4 ? middleErfcx(y) : largeErfcx(y)
  return x < 0 ? 2 * Math.exp(x * x) - tail : tail
}

function smallErf(x: number): number {
  const square = x * x
  let top = A[4] * square
  let bottom = square
  for (let i = 0; i < 3; i++) {
    top = (top + A[i]) * square
    bottom = (bottom + B[i]) * square
  }
  return (x * (top + A[3])) / (bottom + B[3])
}

function middleErfcx(y: number): number {
  let top = C[8] * y
  let bottom = y
  for (let i = 0; i < 7; i++) {
    top = (top + C[i]) * y
    bottom = (bottom + D[i]) * y
  }
  return (top + C[7]) / (bottom + D[7])
}

function largeErfcx(y: number): number {
  const square = 1 / (y * y)
  let top = P[5] * square
  let bottom = square
  for (let i = 0; i < 4; i++) {
    top = (top + P[i]) * square
    bottom = (bottom + Q[i]) * square
  }
  return (1 / Math.sqrt(Math.PI) - (square * (top + P[4])) / (bottom + Q[4])) / y
}

// biome-ignore format: a table
const A = Float64Array.of(3.1611237438705655, 113.86415415105016, 377.485237685302, 3209.3775891384694, 0.18577770618460315)
// biome-ignore format: a table
const B = Float64Array.of(23.601290952344122, 244.02463793444417, 1282.6165260773723, 2844.236833439171)
// biome-ignore format: a table
const C = Float64Array.of(0.5641884969886701, 8.883149794388377, 66.11919063714163, 298.6351381974001, 881.952221241769, 1712.0476126340707, 2051.0783778260716, 1230.3393547979972, 2.1531153547440383e-08)
// biome-ignore format: a table
const D = Float64Array.of(15.744926110709835, 117.6939508913125, 537.1811018620099, 1621.3895745666903, 3290.7992357334597, 4362.619090143247, 3439.3676741437216, 1230.3393548037495)
// biome-ignore format: a table
const P = Float64Array.of(0.30532663496123236, 0.36034489994980445, 0.12578172611122926, 0.016083785148742275, 0.0006587491615298378, 0.016315387137302097)
// biome-ignore format: a table
const Q = Float64Array.of(2.568520192289822, 1.8729528499234673, 0.5279051029514285, 0.06051834131244132, 0.0023352049762686918)
