// Sums of gradients and hessians by bin. A slot is 16 bytes: gradient and hessian in float64.
// Codes lie row after row, four columns to a group; rows are padded to whole groups.

/**
 * Bytes from a column's slots to the next one's where codes have 8 bits: 256 slots and a cache line. At 4,096 bytes the
 * slots of one bin would lie in one set of the first-level cache for all columns and push each other out, which made
 * columns whose values share a bin, as amounts do, three times as slow. Columns of 16 bits lie where their records say.
 */
const COLUMN_BYTES: usize = 4160

/** Rows that are fetched into the cache together. */
const BLOCK_ROWS: u32 = 64

/**
 * Adds up gradient and hessian (interleaved float32 by row) of the rows `rows[begin..end)` in the slots of
 * some groups of columns. Sums are float64 in row order, as in XGBoost.
 *
 * @param histogram slots of the first column
 * @param codes code of the first column in row 0
 * @param groups how many groups of four columns
 * @param isSparse whether the rows lie far apart: they are then fetched ahead, a block at a time
 * @returns nothing of meaning: the fetched bytes, so that fetching is not left out
 */
export function buildHistogram(
  histogram: usize,
  codes: usize,
  stride: usize,
  groups: usize,
  gradients: usize,
  rows: usize,
  begin: u32,
  end: u32,
  isSparse: bool,
): u32 {
  const width = groups << 2
  let fetched: u32 = 0
  for (let from = begin; from < end; from += BLOCK_ROWS) {
    const to = min(from + BLOCK_ROWS, end)
    if (isSparse) fetched += fetchRows(codes, stride, width, gradients, rows, from, to)
    for (let i = from; i < to; i++) {
      const row = <usize>load<u32>(rows + ((<usize>i) << 2))
      const gradient = f64x2.promote_low_f32x4(v128.load64_zero(gradients + (row << 3)))
      let code = codes + row * stride
      let column = histogram
      let slot: usize
      const last = code + width
      for (; code + 8 <= last; code += 8, column += 8 * COLUMN_BYTES) {
        slot = column + ((<usize>load<u8>(code)) << 4)
        v128.store(slot, f64x2.add(v128.load(slot), gradient))
        slot = column + ((<usize>load<u8>(code, 1)) << 4)
        v128.store(slot, f64x2.add(v128.load(slot, COLUMN_BYTES), gradient), COLUMN_BYTES)
        slot = column + ((<usize>load<u8>(code, 2)) << 4)
        v128.store(slot, f64x2.add(v128.load(slot, 2 * COLUMN_BYTES), gradient), 2 * COLUMN_BYTES)
        slot = column + ((<usize>load<u8>(code, 3)) << 4)
        v128.store(slot, f64x2.add(v128.load(slot, 3 * COLUMN_BYTES), gradient), 3 * COLUMN_BYTES)
        slot = column + ((<usize>load<u8>(code, 4)) << 4)
        v128.store(slot, f64x2.add(v128.load(slot, 4 * COLUMN_BYTES), gradient), 4 * COLUMN_BYTES)
        slot = column + ((<usize>load<u8>(code, 5)) << 4)
        v128.store(slot, f64x2.add(v128.load(slot, 5 * COLUMN_BYTES), gradient), 5 * COLUMN_BYTES)
        slot = column + ((<usize>load<u8>(code, 6)) << 4)
        v128.store(slot, f64x2.add(v128.load(slot, 6 * COLUMN_BYTES), gradient), 6 * COLUMN_BYTES)
        slot = column + ((<usize>load<u8>(code, 7)) << 4)
        v128.store(slot, f64x2.add(v128.load(slot, 7 * COLUMN_BYTES), gradient), 7 * COLUMN_BYTES)
      }
      if (code < last) {
        slot = column + ((<usize>load<u8>(code)) << 4)
        v128.store(slot, f64x2.add(v128.load(slot), gradient))
        slot = column + ((<usize>load<u8>(code, 1)) << 4)
        v128.store(slot, f64x2.add(v128.load(slot, COLUMN_BYTES), gradient), COLUMN_BYTES)
        slot = column + ((<usize>load<u8>(code, 2)) << 4)
        v128.store(slot, f64x2.add(v128.load(slot, 2 * COLUMN_BYTES), gradient), 2 * COLUMN_BYTES)
        slot = column + ((<usize>load<u8>(code, 3)) << 4)
        v128.store(slot, f64x2.add(v128.load(slot, 3 * COLUMN_BYTES), gradient), 3 * COLUMN_BYTES)
      }
    }
  }
  return fetched
}

/** The same for codes of 16 bits; `columns` begins with the record of the first column. */
export function buildWideHistogram(
  histogram: usize,
  codes: usize,
  stride: usize,
  groups: usize,
  gradients: usize,
  rows: usize,
  begin: u32,
  end: u32,
  columns: usize,
): void {
  const firstSlot = load<u32>(columns)
  const width = groups << 2
  for (let i = begin; i < end; i++) {
    const row = <usize>load<u32>(rows + ((<usize>i) << 2))
    const gradient = f64x2.promote_low_f32x4(v128.load64_zero(gradients + (row << 3)))
    const code = codes + ((row * stride) << 1)
    for (let f: usize = 0; f < width; f++) {
      const slot = load<u32>(columns + (f << 4)) - firstSlot + load<u16>(code + (f << 1))
      add(histogram, slot, gradient)
    }
  }
}

/** Reads a byte of every cache line that the rows lie on; the processor has many such reads under way at once. */
function fetchRows(
  codes: usize,
  stride: usize,
  width: usize,
  gradients: usize,
  rows: usize,
  from: u32,
  to: u32,
): u32 {
  let fetched: u32 = 0
  for (let i = from; i < to; i++) {
    const row = <usize>load<u32>(rows + ((<usize>i) << 2))
    const code = codes + row * stride
    fetched += load<u8>(gradients + (row << 3))
    for (let f: usize = 0; f < width; f += 64) fetched += load<u8>(code + f)
    fetched += load<u8>(code + width - 1)
  }
  return fetched
}

function add(column: usize, code: usize, gradient: v128): void {
  const slot = column + (code << 4)
  v128.store(slot, f64x2.add(v128.load(slot), gradient))
}

/**
 * Sets the slots of the columns `from` to `to` to 0.
 *
 * @param histogram slot 0 of the column whose slot offset is `firstSlot`
 * @param columns as in split.ts
 */
export function clearColumns(histogram: usize, firstSlot: usize, columns: usize, from: u32, to: u32): void {
  for (let f = from; f < to; f++) {
    const column = columns + ((<usize>f) << 4)
    const slots = histogram + ((load<u32>(column) - firstSlot) << 4)
    memory.fill(slots, 0, (<usize>load<u32>(column, 4)) << 4)
  }
}

/** Adds the slots of some columns to those of another histogram. */
export function addColumns(
  sums: usize,
  other: usize,
  firstSlot: usize,
  columns: usize,
  from: u32,
  to: u32,
): void {
  for (let f = from; f < to; f++) {
    const column = columns + ((<usize>f) << 4)
    const offset = (load<u32>(column) - firstSlot) << 4
    const end = offset + ((<usize>load<u32>(column, 4)) << 4)
    for (let at = offset; at < end; at += 16) {
      v128.store(sums + at, f64x2.add(v128.load(sums + at), v128.load(other + at)))
    }
  }
}

/** Takes the slots of a child from those of its parent, which become those of the other child. */
export function subtractColumns(
  parent: usize,
  child: usize,
  firstSlot: usize,
  columns: usize,
  from: u32,
  to: u32,
): void {
  for (let f = from; f < to; f++) {
    const column = columns + ((<usize>f) << 4)
    const offset = (load<u32>(column) - firstSlot) << 4
    const end = offset + ((<usize>load<u32>(column, 4)) << 4)
    for (let at = offset; at < end; at += 16) {
      v128.store(parent + at, f64x2.sub(v128.load(parent + at), v128.load(child + at)))
    }
  }
}
