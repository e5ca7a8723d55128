// The best split of a node: every bin of every column is tried.
//
// best     { gain f32, feature i32, bin i32, missingLeft i32, left gradient f64, hessian f64, right gradient f64, hessian f64 }
// node     { gradient f64, hessian f64, gain f32, lower bound f32, upper bound f32 }
// rules    { lambda, alpha, maxDeltaStep, minChildWeight }, all f32
// column   { slot offset, bins, has missing, monotone }, all i32

/**
 * Tries the splits of the listed columns and keeps the best in `best`; an earlier column, and within one
 * column an earlier bin, wins a tie. Gain is equation 7 of Chen & Guestrin 2016 as XGBoost's `hist` codes it:
 * without the factor 1/2, in float32.
 *
 * The scan to the right sends missing rows right. The scan to the left sends them left, for columns with
 * missing values only, and must gain more to win.
 *
 * @param histogram slot 0 of the column whose slot offset is `firstSlot`
 * @param isBounded whether weights can be cut: by `maxDeltaStep` or by monotone constraints
 */
export function findBestSplit(
  best: usize,
  histogram: usize,
  firstSlot: usize,
  features: usize,
  featureCount: u32,
  columns: usize,
  node: usize,
  rules: usize,
  isBounded: bool,
): void {
  for (let i: u32 = 0; i < featureCount; i++) {
    const feature = load<u32>(features + ((<usize>i) << 2))
    const column = columns + ((<usize>feature) << 4)
    const slots = histogram + ((load<u32>(column) - firstSlot) << 4)
    const bins = load<u32>(column, 4)
    const lastSlot = slots + ((bins - 1) << 4)
    if (isBounded) {
      scanBounded(best, slots, 16, bins, feature, load<i32>(column, 12), node, rules)
      if (load<u32>(column, 8))
        scanBounded(best, lastSlot, -16, bins, feature, load<i32>(column, 12), node, rules)
    } else {
      scanFree(best, slots, 16, bins, feature, node, rules)
      if (load<u32>(column, 8)) scanFree(best, lastSlot, -16, bins, feature, node, rules)
    }
  }
}

/** One scan, four bins at a time. `step` is 16 to the right, -16 to the left. */
function scanFree(
  best: usize,
  slot: usize,
  step: isize,
  bins: u32,
  feature: u32,
  node: usize,
  rules: usize,
): void {
  const total = v128.load(node)
  const totalGradient = f64x2.splat(load<f64>(node))
  const totalHessian = f64x2.splat(load<f64>(node, 8))
  const parentGain = f32x4.splat(load<f32>(node, 16))
  const lambda = f64x2.splat(<f64>load<f32>(rules))
  const alpha = f64x2.splat(<f64>load<f32>(rules, 4))
  const lightest = f64x2.splat(lightestChild(rules))
  let bestGain = load<f32>(best)
  let sum = f64x2.splat(0)
  for (let bin: u32 = 0; bin < bins; bin += 4) {
    // running sums after each of the four bins
    const sum0 = f64x2.add(sum, v128.load(slot))
    const sum1 = f64x2.add(sum0, v128.load(slot + step))
    const sum2 = f64x2.add(sum1, v128.load(slot + 2 * step))
    const sum3 = f64x2.add(sum2, v128.load(slot + 3 * step))
    sum = sum3
    slot += 4 * step
    const gradientA = v128.shuffle<f64>(sum0, sum1, 0, 2)
    const gradientB = v128.shuffle<f64>(sum2, sum3, 0, 2)
    const hessianA = v128.shuffle<f64>(sum0, sum1, 1, 3)
    const hessianB = v128.shuffle<f64>(sum2, sum3, 1, 3)
    const restA = f64x2.sub(totalHessian, hessianA)
    const restB = f64x2.sub(totalHessian, hessianB)
    const isHeavyA = v128.and(f64x2.ge(hessianA, lightest), f64x2.ge(restA, lightest))
    const isHeavyB = v128.and(f64x2.ge(hessianB, lightest), f64x2.ge(restB, lightest))
    const isHeavy = v128.shuffle<i32>(isHeavyA, isHeavyB, 0, 2, 4, 6)
    if (!v128.any_true(isHeavy)) continue

    const near = leafGains(gradientA, gradientB, hessianA, hessianB, lambda, alpha)
    const restGradientA = f64x2.sub(totalGradient, gradientA)
    const restGradientB = f64x2.sub(totalGradient, gradientB)
    const far = leafGains(restGradientA, restGradientB, restA, restB, lambda, alpha)
    const gains = v128.and(isHeavy, f32x4.sub(f32x4.add(near, far), parentGain))
    if (!v128.any_true(f32x4.gt(gains, f32x4.splat(bestGain)))) continue

    const gain0 = f32x4.extract_lane(gains, 0)
    const gain1 = f32x4.extract_lane(gains, 1)
    const gain2 = f32x4.extract_lane(gains, 2)
    const gain3 = f32x4.extract_lane(gains, 3)
    if (gain0 > bestGain) bestGain = keep(best, gain0, feature, bin, bins, step, sum0, total)
    if (gain1 > bestGain && bin + 1 < bins)
      bestGain = keep(best, gain1, feature, bin + 1, bins, step, sum1, total)
    if (gain2 > bestGain && bin + 2 < bins)
      bestGain = keep(best, gain2, feature, bin + 2, bins, step, sum2, total)
    if (gain3 > bestGain && bin + 3 < bins)
      bestGain = keep(best, gain3, feature, bin + 3, bins, step, sum3, total)
  }
}

/**
 * The smallest sum of hessians in a child: never 0, for what rounding left of the gradients of no rows would gain
 * without bound where lambda is 0.
 */
function lightestChild(rules: usize): f64 {
  return max(<f64>load<f32>(rules, 12), f64.MIN_NORMAL_VALUE)
}

/** Loss reduction of four leaves, as `leafGain`; the pairs A and B hold two each. */
function leafGains(
  gradientA: v128,
  gradientB: v128,
  hessianA: v128,
  hessianB: v128,
  lambda: v128,
  alpha: v128,
): v128 {
  const zero = f64x2.splat(0)
  const shrunkA = f64x2.pmax(f64x2.sub(f64x2.abs(gradientA), alpha), zero)
  const shrunkB = f64x2.pmax(f64x2.sub(f64x2.abs(gradientB), alpha), zero)
  return f32x4.div(
    toFloat32(f64x2.mul(shrunkA, shrunkA), f64x2.mul(shrunkB, shrunkB)),
    toFloat32(f64x2.add(hessianA, lambda), f64x2.add(hessianB, lambda)),
  )
}

function toFloat32(a: v128, b: v128): v128 {
  return v128.shuffle<f32>(f32x4.demote_f64x2_zero(a), f32x4.demote_f64x2_zero(b), 0, 1, 4, 5)
}

/** Writes a split into `best`; the side that was scanned has the sums `near`. Returns its gain. */
function keep(
  best: usize,
  gain: f32,
  feature: u32,
  bin: u32,
  bins: u32,
  step: isize,
  near: v128,
  total: v128,
): f32 {
  const isRight = step < 0
  const far = f64x2.sub(total, near)
  store<f32>(best, gain)
  store<u32>(best, feature, 4)
  store<i32>(best, isRight ? <i32>bins - 2 - <i32>bin : <i32>bin, 8)
  store<u32>(best, <u32>isRight, 12)
  v128.store(best, isRight ? far : near, 16)
  v128.store(best, isRight ? near : far, 32)
  return gain
}

/** One scan, bin after bin, for weights that are cut; splits that break the constraint are passed over. */
function scanBounded(
  best: usize,
  slot: usize,
  step: isize,
  bins: u32,
  feature: u32,
  monotone: i32,
  node: usize,
  rules: usize,
): void {
  const total = v128.load(node)
  const lightest = lightestChild(rules)
  const parentGain = load<f32>(node, 16)
  let sum = f64x2.splat(0)
  for (let bin: u32 = 0; bin < bins; bin++, slot += step) {
    sum = f64x2.add(sum, v128.load(slot))
    const rest = f64x2.sub(total, sum)
    if (f64x2.extract_lane(sum, 1) < lightest || f64x2.extract_lane(rest, 1) < lightest) continue
    const left = step > 0 ? sum : rest
    const right = step > 0 ? rest : sum
    const leftWeight = boundedWeight(left, node, rules)
    const rightWeight = boundedWeight(right, node, rules)
    if ((monotone > 0 && leftWeight > rightWeight) || (monotone < 0 && leftWeight < rightWeight)) continue
    const children = gainAt(leftWeight, left, rules) + gainAt(rightWeight, right, rules)
    const gain = children - parentGain
    if (gain > load<f32>(best)) keep(best, gain, feature, bin, bins, step, sum, total)
  }
}

/** As `boundedWeight` of leaf-weight.ts. */
function boundedWeight(sums: v128, node: usize, rules: usize): f32 {
  const weight = leafWeight(f64x2.extract_lane(sums, 0), f64x2.extract_lane(sums, 1), rules)
  return min(max(weight, load<f32>(node, 20)), load<f32>(node, 24))
}

function leafWeight(gradient: f64, hessian: f64, rules: usize): f32 {
  if (hessian < <f64>load<f32>(rules, 12) || hessian <= 0) return 0
  const alpha = <f64>load<f32>(rules, 4)
  const shrunk = gradient > alpha ? gradient - alpha : gradient < -alpha ? gradient + alpha : 0
  const weight = -shrunk / (hessian + <f64>load<f32>(rules))
  const largest = load<f32>(rules, 8)
  if (largest !== 0 && abs(weight) > <f64>largest) return weight < 0 ? -largest : largest
  return <f32>weight
}

/** As `leafGainAt` of leaf-weight.ts. */
function gainAt(weight: f32, sums: v128, rules: usize): f32 {
  const hessian = f64x2.extract_lane(sums, 1)
  if (hessian <= 0) return 0
  const linear: f32 = 2 * <f32>f64x2.extract_lane(sums, 0) * weight
  const quadratic: f32 = (<f32>hessian + load<f32>(rules)) * (weight * weight)
  return -(linear + quadratic)
}
