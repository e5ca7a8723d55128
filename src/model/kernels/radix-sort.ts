// Sorting of 32-bit keys, with or without 32 bits that travel along.

const DIGIT_BITS: u32 = 11
const BUCKETS: u32 = 1 << DIGIT_BITS

/** Passes of a sort by 32 bits. */
const DIGITS: u32 = 3

/**
 * Sorts by the lower 32 bits, least significant digit first, in up to three stable passes between the two
 * buffers; a pass in which all items share one digit is left out. Returns the buffer that holds the result.
 */
export function radixSort<Item>(first: usize, second: usize, count: u32, counters: usize): usize {
  memory.fill(counters, 0, (DIGITS * BUCKETS) << 2)
  for (let i: u32 = 0; i < count; i++) {
    const key = <u32>load<Item>(first + <usize>i * sizeof<Item>())
    for (let digit: u32 = 0; digit < DIGITS; digit++) increment(counters, digit, key)
  }
  let from = first
  let to = second
  for (let digit: u32 = 0; digit < DIGITS && count > 0; digit++) {
    const starts = counters + <usize>((digit * BUCKETS) << 2)
    const shift = digit * DIGIT_BITS
    const key = <u32>load<Item>(from)
    if (load<u32>(starts + <usize>(((key >> shift) & (BUCKETS - 1)) << 2)) === count) continue
    scatter<Item>(from, to, count, starts, shift)
    const swap = from
    from = to
    to = swap
  }
  return from
}

function increment(counters: usize, digit: u32, key: u32): void {
  const bucket = digit * BUCKETS + ((key >> (digit * DIGIT_BITS)) & (BUCKETS - 1))
  const counter = counters + <usize>(bucket << 2)
  store<u32>(counter, load<u32>(counter) + 1)
}

function scatter<Item>(from: usize, to: usize, count: u32, starts: usize, shift: u32): void {
  let start: u32 = 0
  for (let bucket: u32 = 0; bucket < BUCKETS; bucket++) {
    const counter = starts + <usize>(bucket << 2)
    const size = load<u32>(counter)
    store<u32>(counter, start)
    start += size
  }
  for (let i: u32 = 0; i < count; i++) {
    const item = load<Item>(from + <usize>i * sizeof<Item>())
    const counter = starts + <usize>(((<u32>item >> shift) & (BUCKETS - 1)) << 2)
    const place = load<u32>(counter)
    store<u32>(counter, place + 1)
    store<Item>(to + <usize>place * sizeof<Item>(), item)
  }
}
