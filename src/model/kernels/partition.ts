// What a split does to rows.

/**
 * Sends rows left or right of a split, each side in its old order, and returns how many went left. A row goes
 * left when its code is at most `bin` or is `missing`. `left` may be where the rows lie.
 *
 * @param codes codes of the split's column, 8 bits each
 */
export function partitionRows(
  rows: usize,
  count: u32,
  left: usize,
  right: usize,
  codes: usize,
  bin: i32,
  missing: i32,
): u32 {
  return partition<u8>(rows, count, left, right, codes, bin, missing)
}

/** The same for codes of 16 bits. */
export function partitionWideRows(
  rows: usize,
  count: u32,
  left: usize,
  right: usize,
  codes: usize,
  bin: i32,
  missing: i32,
): u32 {
  return partition<u16>(rows, count, left, right, codes, bin, missing)
}

function partition<Code>(
  rows: usize,
  count: u32,
  left: usize,
  right: usize,
  codes: usize,
  bin: i32,
  missing: i32,
): u32 {
  const begin = left
  const end = rows + ((<usize>count) << 2)
  for (; rows < end; rows += 4) {
    const row = load<u32>(rows)
    const code = <i32>load<Code>(codes + <usize>row * sizeof<Code>())
    // both sides are written and one pointer moves: no branch to guess
    const goesLeft = <usize>((code <= bin) | (code === missing))
    store<u32>(left, row)
    store<u32>(right, row)
    left += goesLeft << 2
    right += (1 - goesLeft) << 2
  }
  return <u32>((left - begin) >> 2)
}

/** Adds a leaf's value to the margins of its rows. */
export function addLeaf(margins: usize, rows: usize, count: u32, value: f32): void {
  const end = rows + ((<usize>count) << 2)
  for (; rows < end; rows += 4) {
    const margin = margins + ((<usize>load<u32>(rows)) << 2)
    store<f32>(margin, load<f32>(margin) + value)
  }
}

/** Sums gradient and hessian of the rows into the two float64 at `sums`. */
export function sumGradients(sums: usize, gradients: usize, rows: usize, count: u32): void {
  let sum = f64x2.splat(0)
  const end = rows + ((<usize>count) << 2)
  for (; rows < end; rows += 4) {
    sum = f64x2.add(
      sum,
      f64x2.promote_low_f32x4(v128.load64_zero(gradients + ((<usize>load<u32>(rows)) << 3))),
    )
  }
  v128.store(sums, sum)
}

/**
 * Adds to each row's margin the leaf that its codes lead to.
 *
 * @param nodes of 128 bytes; bytes 80 to 99 hold { left child or -1, feature, bin, code of missing values where
 *   these go left or -1, leaf value f32 }
 * @param isWide whether codes have 16 bits
 */
export function addLeaves(
  margins: usize,
  rows: usize,
  count: u32,
  codes: usize,
  stride: usize,
  nodes: usize,
  isWide: bool,
): void {
  const end = rows + ((<usize>count) << 2)
  for (; rows < end; rows += 4) {
    const row = <usize>load<u32>(rows)
    const first = row * stride
    let node = nodes
    for (let left = load<i32>(node, 80); left >= 0; left = load<i32>(node, 80)) {
      const cell = first + <usize>load<u32>(node, 84)
      const code = isWide ? <i32>load<u16>(codes + (cell << 1)) : <i32>load<u8>(codes + cell)
      const goesLeft = (code <= load<i32>(node, 88)) | (code === load<i32>(node, 92))
      node = nodes + ((<usize>(left + 1 - <i32>goesLeft)) << 7)
    }
    const margin = margins + (row << 2)
    store<f32>(margin, load<f32>(margin) + load<f32>(node, 96))
  }
}

/** Copies bytes to a place that they do not reach into. */
export function copy(to: usize, from: usize, bytes: usize): void {
  memory.copy(to, from, bytes)
}
