// From the values of a column to its cuts.
import { radixSort } from './radix-sort'

/** As in training-data.ts. */
const VALUE_MAX: f32 = 1.7e38

/** Added to the size of the outermost values to set bounds apart from them. */
const MARGIN: f64 = <f64>(<f32>1e-5)

/**
 * Computes the cuts of one column as `quantileCuts` defines them, and writes them to `cuts`.
 *
 * @param values the column, float32, NaN where missing
 * @param weights float32 by row, or 0: every row counts 1
 * @param first scratch of 8 bytes a row; `second` the same; `counters` scratch of 24 KiB
 * @param info receives { number of cuts i32, has missing i32, bound below all values f32, values past VALUE_MAX i32 }
 */
export function cutColumn(
  values: usize,
  rowCount: u32,
  weights: usize,
  maxBin: u32,
  cuts: usize,
  info: usize,
  first: usize,
  second: usize,
  counters: usize,
): void {
  const present = weights
    ? writeWeightedKeys(values, rowCount, weights, first)
    : writeKeys(values, rowCount, first)
  const missing = countMissing(values, rowCount)
  // 8 bits hold 256 bins, or 255 and "missing"
  const cap = missing > 0 && maxBin === 256 ? 255 : maxBin
  const sorted = weights
    ? radixSort<u64>(first, second, present, counters)
    : radixSort<u32>(first, second, present, counters)
  const ranks = sorted === first ? second : first
  const size = weights ? summarise<u64>(sorted, ranks, present) : summarise<u32>(sorted, ranks, present)
  const smallest = size > 0 ? <f64>load<f32>(sorted) : 0
  store<u32>(info, writeCuts(sorted, ranks, size, cap, cuts))
  store<u32>(info, <u32>(missing > 0), 4)
  store<f32>(info, <f32>(smallest - (abs(smallest) + MARGIN)), 8)
  store<u32>(info, countOutliers(values, rowCount), 12)
}

function countMissing(values: usize, rowCount: u32): u32 {
  let missing: u32 = 0
  for (let row: u32 = 0; row < rowCount; row++) {
    missing += <u32>isNaN(load<f32>(values + ((<usize>row) << 2)))
  }
  return missing
}

/** How many values are infinite or so large that a cut above them would be. */
function countOutliers(values: usize, rowCount: u32): u32 {
  let outliers: u32 = 0
  for (let row: u32 = 0; row < rowCount; row++) {
    outliers += <u32>(abs(load<f32>(values + ((<usize>row) << 2))) >= VALUE_MAX)
  }
  return outliers
}

/** Writes the present values as integers that sort like them; returns how many. */
function writeKeys(values: usize, rowCount: u32, keys: usize): u32 {
  let present: usize = 0
  for (let row: u32 = 0; row < rowCount; row++) {
    const value = load<f32>(values + ((<usize>row) << 2))
    store<u32>(keys + (present << 2), keyOf(value))
    present += <usize>!isNaN(value)
  }
  return <u32>present
}

/** The same for values whose row has a weight; the weight stands in the upper half. */
function writeWeightedKeys(values: usize, rowCount: u32, weights: usize, keys: usize): u32 {
  let present: usize = 0
  for (let row: u32 = 0; row < rowCount; row++) {
    const value = load<f32>(values + ((<usize>row) << 2))
    const weight = load<f32>(weights + ((<usize>row) << 2))
    store<u32>(keys + (present << 3), keyOf(value))
    store<f32>(keys + (present << 3), weight, 4)
    present += <usize>(<u32>!isNaN(value) & <u32>(weight > 0))
  }
  return <u32>present
}

/** The bits of a positive number grow with it, those of a negative one shrink; -0 counts as 0. */
function keyOf(value: f32): u32 {
  const bits = reinterpret<u32>(value === 0 ? 0 : value)
  return bits ^ (<u32>(<i32>bits >> 31) | 0x80000000)
}

function floatOf(key: u32): f32 {
  return reinterpret<f32>(key >> 31 ? key ^ 0x80000000 : ~key)
}

/**
 * Turns sorted items into distinct values (float32, in place) and their ranks: the weight of the rows below
 * value `i` is the float64 `ranks[i]`, the weight of all rows the last one. Returns how many values there are.
 */
function summarise<Item>(sorted: usize, ranks: usize, count: u32): u32 {
  let size: u32 = 0
  let below: f64 = 0
  store<f64>(ranks, 0)
  for (let i: u32 = 0; i < count; ) {
    const key = <u32>load<Item>(sorted + <usize>i * sizeof<Item>())
    let weight: f64 = 0
    for (; i < count; i++) {
      const item = load<Item>(sorted + <usize>i * sizeof<Item>())
      if (<u32>item !== key) break
      weight += sizeof<Item>() === 8 ? <f64>reinterpret<f32>(<u32>(<u64>item >> 32)) : 1
    }
    below += weight
    store<f32>(sorted + ((<usize>size) << 2), floatOf(key))
    size++
    store<f64>(ranks + ((<usize>size) << 3), below)
  }
  return size
}

/** The smallest value opens the first bin without a cut; a last cut above the largest closes the last bin. */
function writeCuts(values: usize, ranks: usize, size: u32, maxBin: u32, cuts: usize): u32 {
  // the indices of the kept values lie behind the values, which take half of their buffer at most
  const kept = values + ((<usize>size) << 2)
  const keptCount = prune(ranks, size, maxBin + 1, kept)
  let count: u32 = 0
  for (let i: u32 = 1; i < min(keptCount, maxBin); i++) {
    const value = load<f32>(values + ((<usize>load<u32>(kept + ((<usize>i) << 2))) << 2))
    store<f32>(cuts + ((<usize>count) << 2), value)
    count++
  }
  const largest = size > 0 ? <f64>load<f32>(values + ((<usize>(size - 1)) << 2)) : 0
  store<f32>(cuts + ((<usize>count) << 2), <f32>(largest + (abs(largest) + MARGIN)))
  return count + 1
}

/**
 * Indices of at most `most` values: the first, the last, and those nearest to evenly spaced ranks, in float32
 * where XGBoost's `WQSummary::SetPrune` is. Returns how many.
 */
function prune(ranks: usize, size: u32, most: u32, kept: usize): u32 {
  if (size <= most) {
    for (let i: u32 = 0; i < size; i++) store<u32>(kept + ((<usize>i) << 2), i)
    return size
  }
  const last = size - 1
  const begin = rankOf(ranks, 1)
  const range = <f32>(rankOf(ranks, last) - begin)
  const steps = most - 1
  store<u32>(kept, 0)
  let count: u32 = 1
  let i: u32 = 1
  let latest: u32 = 0
  for (let step: u32 = 1; step < steps; step++) {
    const twice = <f64>(
      (<f32>2 * <f32>(<f64>(<f32>(<f64>(<f32>(<f64>step * <f64>range)) / <f64>steps)) + begin))
    )
    while (i < last && twice >= <f64>(<f32>(rankOf(ranks, i + 2) + rankOf(ranks, i + 1)))) i++
    if (i === last) break
    // value i ends where value i + 1 begins: the rank lies nearer to the one or the other
    const nearest = twice < <f64>(<f32>(2 * rankOf(ranks, i + 1))) ? i : i + 1
    if (nearest !== latest) {
      store<u32>(kept + ((<usize>count) << 2), nearest)
      count++
      latest = nearest
    }
  }
  if (latest !== last) {
    store<u32>(kept + ((<usize>count) << 2), last)
    count++
  }
  return count
}

function rankOf(ranks: usize, i: u32): f64 {
  return load<f64>(ranks + ((<usize>i) << 3))
}
