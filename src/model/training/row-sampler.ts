import type { Random } from '../../math/random.ts'
import type { Views } from '../threads/address-space.ts'
import type { Kernels } from '../threads/kernels.ts'

/**
 * Draws the rows of one tree after another: each row by itself with probability `share`, as XGBoost's uniform
 * sampling, so that the count varies. Writes them ascending to `rows`, the others to `others`, and returns how
 * many were taken. A share of 1 takes all rows and draws nothing. Cost O(rows) a draw.
 *
 * @param at addresses in bytes of int32 lists
 */
export function createRowSampler(
  { views, kernels }: { readonly views: Views; readonly kernels: Pick<Kernels, 'copy'> },
  at: { readonly rows: number; readonly others: number; readonly matrix: { readonly rowCount: number } },
  share: number,
): (random: Random) => number {
  const { int32 } = views
  const { rowCount } = at.matrix
  if (share >= 1) {
    // all rows in order, to be copied for each tree
    for (let row = 0; row < rowCount; row++) int32[at.others / 4 + row] = row
    return () => {
      kernels.copy(at.rows, at.others, 4 * rowCount)
      return rowCount
    }
  }
  return (random) => {
    let taken = at.rows / 4
    let left = at.others / 4
    for (let row = 0; row < rowCount; row++) {
      if (random.next() < share) int32[taken++] = row
      else int32[left++] = row
    }
    return taken - at.rows / 4
  }
}
