import type { Random } from '../math/random.ts'
import type { BoosterParams } from './params.ts'

/** The columns that a tree may split on, level by level and node by node. */
export interface TreeColumns {
  /** Columns that a node at this depth may split on, in ascending order. */
  forNode(depth: number): Int32Array
}

type Shares = Pick<BoosterParams, 'colsampleBytree' | 'colsampleBylevel' | 'colsampleBynode'>

/**
 * Draws the columns of one tree: some for the tree, of these some for each level, of these some for each
 * node, as XGBoost nests them; always at least one, and as many as the share rounded down.
 */
export function sampleColumns(columnCount: number, shares: Shares, random: Random): TreeColumns {
  const all = Int32Array.from({ length: columnCount }, (_, f) => f)
  const ofTree = drawShare(all, shares.colsampleBytree, random)
  const ofLevel: Int32Array[] = []
  return {
    forNode(depth) {
      while (ofLevel.length <= depth) ofLevel.push(drawShare(ofTree, shares.colsampleBylevel, random))
      return drawShare(ofLevel[depth], shares.colsampleBynode, random)
    },
  }
}

/** A share of the columns without replacement (a partial Fisher–Yates shuffle), in ascending order. */
function drawShare(columns: Int32Array, share: number, random: Random): Int32Array {
  if (share >= 1) return columns
  const count = Math.max(1, Math.trunc(Math.fround(share) * columns.length))
  const shuffled = columns.slice()
  for (let i = 0; i < count; i++) {
    const other = i + random.int(shuffled.length - i)
    const taken = shuffled[other]
    shuffled[other] = shuffled[i]
    shuffled[i] = taken
  }
  return shuffled.subarray(0, count).sort()
}
