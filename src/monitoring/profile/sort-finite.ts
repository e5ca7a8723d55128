const DIGIT_BITS = 11
const BUCKETS = 1 << DIGIT_BITS
const SMALL = 1024
/** Runs of values that differ in their low bits alone, up to this length, are sorted by insertion. */
const SHORT = 32

// kept from column to column: fresh memory would cost more than the sort itself
let scratch = new Float64Array()
let spare = new Float64Array()
const starts = new Uint32Array(BUCKETS)

/**
 * The finite values in ascending order, −0 as 0, in memory of its own. A radix sort over the high 32 bits, least
 * significant digit first, then short sorts where values differ in their low bits alone. Cost O(n), O(n log n) where
 * many values share their high bits. Two buffers of that length are kept for the next call.
 *
 * @example
 * sortFinite(Float64Array.of(2, NaN, -1)) // Float64Array [-1, 2]
 */
export function sortFinite(values: ArrayLike<number>): Float64Array {
  if (scratch.length < values.length) scratch = new Float64Array(values.length)
  const finite = scratch.subarray(0, copyFinite(values, scratch))
  if (finite.length <= SMALL) return finite.slice().sort()
  if (spare.length < finite.length) spare = new Float64Array(scratch.length)
  const sorted = ascending(sortByHighBits(finite, spare.subarray(0, finite.length)))
  repair(sorted)
  return sorted
}

function copyFinite(values: ArrayLike<number>, kept: Float64Array): number {
  let count = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    // NaN and infinities minus themselves are NaN; adding 0 turns −0 into 0
    if (value - value === 0) kept[count++] = value + 0
  }
  return count
}

/** By the high bits as unsigned numbers: positive values ascending, then negative ones descending. */
function sortByHighBits(values: Float64Array, other: Float64Array): Float64Array {
  let from = values
  let to = other
  for (let shift = 0; shift < 32; shift += DIGIT_BITS) {
    if (!scatter(from, to, shift)) continue
    const swap = from
    from = to
    to = swap
  }
  return from
}

/** One stable counting pass over a digit of the high word; moves nothing where all values share it. */
function scatter(from: Float64Array, to: Float64Array, shift: number): boolean {
  const count = from.length
  const words = new Uint32Array(from.buffer, from.byteOffset, 2 * count)
  const mask = BUCKETS - 1
  starts.fill(0)
  for (let i = 1; i < 2 * count; i += 2) starts[(words[i]! >>> shift) & mask]! += 1
  if (starts[(words[1]! >>> shift) & mask] === count) return false
  let start = 0
  for (let digit = 0; digit < BUCKETS; digit++) {
    const size = starts[digit]!
    starts[digit] = start
    start += size
  }
  for (let i = 0; i < count; i++) {
    const digit = (words[2 * i + 1]! >>> shift) & mask
    to[starts[digit]!++] = from[i]!
  }
  return true
}

function ascending(sorted: Float64Array): Float64Array {
  let positive = sorted.length
  while (positive > 0 && sorted[positive - 1]! < 0) positive -= 1
  const result = new Float64Array(sorted.length)
  const negative = sorted.subarray(positive)
  result.set(negative)
  result.subarray(0, negative.length).reverse()
  result.set(sorted.subarray(0, positive), negative.length)
  return result
}

/** Sorts each run of values with the same high bits that is out of order. */
function repair(values: Float64Array): void {
  const words = new Uint32Array(values.buffer)
  for (let i = 1; i < values.length; i++) {
    if (values[i]! >= values[i - 1]!) continue
    const high = words[2 * i + 1]!
    let start = i - 1
    while (start > 0 && words[2 * start - 1] === high) start -= 1
    let end = i + 1
    while (end < values.length && words[2 * end + 1] === high) end += 1
    if (end - start > SHORT) values.subarray(start, end).sort()
    else insertionSort(values, start, end)
    i = end - 1
  }
}

function insertionSort(values: Float64Array, start: number, end: number): void {
  for (let i = start + 1; i < end; i++) {
    const value = values[i]!
    let place = i
    for (; place > start && values[place - 1]! > value; place--) values[place] = values[place - 1]!
    values[place] = value
  }
}
