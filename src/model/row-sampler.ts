import type { Random } from '../math/random.ts'

/** Rows that a tree is grown on, and the others; both ascending views of buffers that the next draw overwrites. */
export interface RowSample {
  readonly rows: Int32Array
  readonly others: Int32Array
}

/**
 * Draws rows for one tree after another: each row by itself with probability `share`, as XGBoost's uniform
 * sampling, so that the count varies. A share of 1 takes all rows and draws nothing. Cost O(rows) a draw.
 */
export function createRowSampler(rowCount: number, share: number, random: Random): () => RowSample {
  const rows = new Int32Array(rowCount)
  const others = new Int32Array(share < 1 ? rowCount : 0)
  return () => {
    let taken = 0
    let left = 0
    for (let row = 0; row < rowCount; row++) {
      if (share >= 1 || random.next() < share) rows[taken++] = row
      else others[left++] = row
    }
    return { rows: rows.subarray(0, taken), others: others.subarray(0, left) }
  }
}
