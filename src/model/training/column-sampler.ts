import type { Random } from '../../math/random.ts'
import type { BoosterParams } from '../params.ts'

/** The columns that the nodes of one tree may split on. */
export interface TreeColumns {
  /**
   * Columns that a node at this depth may split on, in ascending order. The same depth and key give the same
   * columns whatever was asked before, so that threads may ask in any order.
   *
   * @param key tells the nodes of a level apart
   */
  forNode(depth: number, key: number): Int32Array
}

/** The shares of columns that are drawn. */
export type ColumnShares = Pick<BoosterParams, 'colsampleBytree' | 'colsampleBylevel' | 'colsampleBynode'>

/**
 * Draws the columns of one tree: some for the tree, of these some for each level, of these some for each
 * node, as XGBoost nests them; always at least one, and as many as the share rounded down.
 */
export function sampleColumns(columnCount: number, shares: ColumnShares, random: Random): TreeColumns {
  const all = Int32Array.from({ length: columnCount }, (_, f) => f)
  const ofTree = drawShare(all, shares.colsampleBytree, random.fork('tree'))
  const ofLevel: Int32Array[] = []
  const levelOf = (depth: number): Int32Array => {
    ofLevel[depth] ??= drawShare(ofTree, shares.colsampleBylevel, random.fork(`level ${depth}`))
    return ofLevel[depth]
  }
  if (shares.colsampleBynode >= 1) return { forNode: levelOf }
  return {
    forNode: (depth, key) =>
      drawShare(levelOf(depth), shares.colsampleBynode, random.fork(`node ${depth} ${key}`)),
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
