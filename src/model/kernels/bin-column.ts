// From the values of a column and its cuts to its codes.

/**
 * Writes the code of each value: the number of cuts at or below it, no more than the last bin; `cutCount` for
 * NaN. By binary search without branches, on cuts that are filled up with Infinity to `width`.
 *
 * @param width a power of two, at least `cutCount`
 * @param isWide whether codes have 16 bits
 */
export function binColumn(
  values: usize,
  rowCount: u32,
  cuts: usize,
  cutCount: u32,
  width: u32,
  codes: usize,
  isWide: bool,
): void {
  for (let i = cutCount; i < width; i++) store<f32>(cuts + ((<usize>i) << 2), f32.POSITIVE_INFINITY)
  if (isWide) binValues<u16>(values, rowCount, cuts, cutCount, width, codes)
  else binValues<u8>(values, rowCount, cuts, cutCount, width, codes)
}

function binValues<Code>(
  values: usize,
  rowCount: u32,
  cuts: usize,
  cutCount: u32,
  width: u32,
  codes: usize,
): void {
  const end = values + ((<usize>rowCount) << 2)
  for (; values < end; values += 4, codes += sizeof<Code>()) {
    const value = load<f32>(values)
    // how far the search has come, in bytes
    let at: usize = 0
    for (let step = (<usize>width) << 1; step >= 4; step >>= 1) {
      at += step * <usize>(load<f32>(cuts + at + step - 4) <= value)
    }
    const code = min(<u32>(at >> 2), cutCount - 1)
    store<Code>(codes, <Code>(isNaN(value) ? cutCount : code))
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
