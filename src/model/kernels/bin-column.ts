// From the values of a column and its cuts to its codes: the number of cuts at or below a value, no more than the
// last bin; the number of cuts for NaN.

/** Cuts that 8 bits tell apart. */
const NARROW_CUTS: u32 = 256

/**
 * Writes the codes of a column, 8 bits each: a value is compared with every sixteenth cut, then with the sixteen
 * cuts that lie there, four at a time.
 *
 * @param cuts room for 272 float32: the cuts, Infinity up to 256, and every sixteenth of them once more
 */
export function binColumn(values: usize, rowCount: u32, cuts: usize, cutCount: u32, codes: usize): void {
  for (let i = cutCount; i < NARROW_CUTS; i++) store<f32>(cuts + ((<usize>i) << 2), f32.POSITIVE_INFINITY)
  const pivots = cuts + ((<usize>NARROW_CUTS) << 2)
  for (let i: usize = 0; i < 16; i++) store<f32>(pivots + (i << 2), load<f32>(cuts + (i << 6) + 60))
  for (let row: u32 = 0; row < rowCount; row++) {
    const value = load<f32>(values + ((<usize>row) << 2))
    const values4 = f32x4.splat(value)
    const sixteen = min(countBelow(pivots, values4), 15)
    const code = (sixteen << 4) + countBelow(cuts + ((<usize>sixteen) << 6), values4)
    store<u8>(codes + <usize>row, <u8>(isNaN(value) ? cutCount : min(code, cutCount - 1)))
  }
}

/** How many of sixteen ascending numbers are at or below the value. */
function countBelow(numbers: usize, value: v128): u32 {
  const first = i16x8.narrow_i32x4_s(
    f32x4.le(v128.load(numbers), value),
    f32x4.le(v128.load(numbers, 16), value),
  )
  const second = i16x8.narrow_i32x4_s(
    f32x4.le(v128.load(numbers, 32), value),
    f32x4.le(v128.load(numbers, 48), value),
  )
  // a bit for each number, ones first
  return ctz(~i8x16.bitmask(i8x16.narrow_i16x8_s(first, second)))
}

/**
 * The same with codes of 16 bits: a binary search without branches.
 *
 * @param cuts room for `width` float32, filled up with Infinity
 * @param width a power of two, at least `cutCount`
 */
export function binWideColumn(
  values: usize,
  rowCount: u32,
  cuts: usize,
  cutCount: u32,
  codes: usize,
  width: u32,
): void {
  for (let i = cutCount; i < width; i++) store<f32>(cuts + ((<usize>i) << 2), f32.POSITIVE_INFINITY)
  for (let row: u32 = 0; row < rowCount; row++) {
    const value = load<f32>(values + ((<usize>row) << 2))
    // how far the search has come, in bytes
    let at: usize = 0
    for (let step = (<usize>width) << 1; step >= 4; step >>= 1) {
      at += step * <usize>(load<f32>(cuts + at + step - 4) <= value)
    }
    const code = min(<u32>(at >> 2), cutCount - 1)
    store<u16>(codes + ((<usize>row) << 1), <u16>(isNaN(value) ? cutCount : code))
  }
}

/**
 * Writes the codes of the rows `begin` to `end` row after row, `stride` codes a row, from columns of `rowCount`
 * codes each.
 */
export function interleave(
  columnCodes: usize,
  rowCodes: usize,
  rowCount: usize,
  columnCount: usize,
  stride: usize,
  begin: usize,
  end: usize,
  isWide: bool,
): void {
  if (isWide) interleaveCodes<u16>(columnCodes, rowCodes, rowCount, columnCount, stride, begin, end)
  else interleaveCodes<u8>(columnCodes, rowCodes, rowCount, columnCount, stride, begin, end)
}

function interleaveCodes<Code>(
  columnCodes: usize,
  rowCodes: usize,
  rowCount: usize,
  columnCount: usize,
  stride: usize,
  begin: usize,
  end: usize,
): void {
  // blocks of rows that stay in the cache while all columns are written into them
  for (let from = begin; from < end; from += 64) {
    const to = min(from + 64, end)
    for (let f: usize = 0; f < columnCount; f++) {
      const column = columnCodes + f * rowCount * sizeof<Code>()
      for (let row = from; row < to; row++) {
        const code = load<Code>(column + row * sizeof<Code>())
        store<Code>(rowCodes + (row * stride + f) * sizeof<Code>(), code)
      }
    }
  }
}
