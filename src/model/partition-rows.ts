import { type BinnedMatrix, missingCode, placeOf } from './binned-matrix.ts'

/** Where a split sends a row: bins up to `bin` go left, missing values as learned. */
export interface RowSplit {
  readonly feature: number
  readonly bin: number
  readonly missingLeft: boolean
}

/**
 * Reorders `rows[begin..end)` so that rows that go left come first, each side in its old order, and returns
 * where the right side begins. Cost O(end - begin); allocates nothing.
 *
 * @param spare as long as `rows`; its content is lost
 */
export function partitionRows(
  rows: Int32Array,
  begin: number,
  end: number,
  spare: Int32Array,
  binned: BinnedMatrix,
  split: RowSplit,
): number {
  const { words, cuts } = binned
  const { feature, bin: lastLeftBin } = split
  const { firstWord, shift, mask } = placeOf(binned, feature)
  const missing = missingCode(cuts, feature)
  // rows without the value count as the first or the last bin
  const missingAs = split.missingLeft ? -1 : missing
  let left = begin
  let right = 0
  for (let i = begin; i < end; i++) {
    const row = rows[i]
    const code = (words[firstWord + row] >>> shift) & mask
    const bin = code === missing ? missingAs : code
    // both sides are written and one counter moves: no branch to guess
    const goesLeft = bin <= lastLeftBin ? 1 : 0
    rows[left] = row
    spare[right] = row
    left += goesLeft
    right += 1 - goesLeft
  }
  rows.set(spare.subarray(0, right), left)
  return left
}
