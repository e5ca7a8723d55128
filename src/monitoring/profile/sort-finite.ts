const DIGIT_BITS = 11
const BUCKETS = 1 << DIGIT_BITS
const SMALL = 1024

/**
 * The finite values in ascending order, −0 as 0, in memory of its own. A radix sort over the bits, least
 * significant digit first; a digit that all values share costs nothing, so whole numbers take two or three
 * passes of six. Cost O(n).
 *
 * @example
 * sortFinite(Float64Array.of(2, NaN, -1)) // Float64Array [-1, 2]
 */
export function sortFinite(values: ArrayLike<number>): Float64Array {
  const finite = finiteValues(values)
  if (finite.length <= SMALL) return finite.sort()
  return ascending(sortByBits(finite))
}

function finiteValues(values: ArrayLike<number>): Float64Array {
  const kept = new Float64Array(values.length)
  let count = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    // NaN and infinities minus themselves are NaN; adding 0 turns −0 into 0
    if (value - value === 0) kept[count++] = value + 0
  }
  return kept.subarray(0, count)
}

/** By the bits as unsigned numbers: positive values ascending, then negative ones descending. */
function sortByBits(values: Float64Array): Float64Array {
  let from: Float64Array = values
  let to: Float64Array = new Float64Array(values.length)
  for (let digit = 0; digit < 6; digit++) {
    const word = digit < 3 ? 0 : 1
    if (!scatter(from, to, word, (digit % 3) * DIGIT_BITS)) continue
    const swap = from
    from = to
    to = swap
  }
  return from
}

/** One stable counting pass over a digit of the low (0) or high (1) word; moves nothing where all share it. */
function scatter(from: Float64Array, to: Float64Array, word: number, shift: number): boolean {
  const count = from.length
  const words = new Uint32Array(from.buffer, from.byteOffset, 2 * count)
  const starts = new Uint32Array(BUCKETS)
  const mask = BUCKETS - 1
  for (let i = word; i < 2 * count; i += 2) starts[(words[i]! >>> shift) & mask]! += 1
  if (starts[(words[word]! >>> shift) & mask] === count) return false
  let start = 0
  for (let digit = 0; digit < BUCKETS; digit++) {
    const size = starts[digit]!
    starts[digit] = start
    start += size
  }
  for (let i = 0; i < count; i++) {
    const digit = (words[2 * i + word]! >>> shift) & mask
    to[starts[digit]!++] = from[i]!
  }
  return true
}

function ascending(sorted: Float64Array): Float64Array {
  let positive = sorted.length
  while (positive > 0 && sorted[positive - 1]! < 0) positive -= 1
  const result = new Float64Array(sorted.length)
  const negative = sorted.subarray(positive).toReversed()
  result.set(negative)
  result.set(sorted.subarray(0, positive), negative.length)
  return result
}
