import type { Tree } from './tree.ts'

/** How a feature's share is counted; the names are those of XGBoost's `get_score`. */
export type ImportanceKind = 'gain' | 'weight' | 'cover' | 'total_gain' | 'total_cover'

/**
 * How much each feature contributes to the trees, equal to XGBoost's `get_score`: `weight` counts its splits,
 * `total_gain` and `total_cover` add up the splits' gains and sums of hessians, `gain` and `cover` are their
 * means. Features without a split are left out, as there. Cost O(nodes).
 */
export function importanceOf(
  trees: readonly Tree[],
  featureNames: readonly string[],
  kind: ImportanceKind,
): Record<string, number> {
  const count = new Float64Array(featureNames.length)
  const total = new Float32Array(featureNames.length)
  for (const tree of trees) {
    const amount = kind === 'cover' || kind === 'total_cover' ? tree.cover : tree.gain
    // XGBoost's order, right side first: float32 sums depend on it
    const open = [0]
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      if (tree.left[node] < 0) continue
      count[tree.feature[node]]++
      total[tree.feature[node]] += amount[node]
      open.push(tree.left[node], tree.right[node])
    }
  }
  const score = (f: number): number => {
    if (kind === 'weight') return count[f]
    return kind === 'gain' || kind === 'cover' ? Math.fround(total[f] / count[f]) : total[f]
  }
  return Object.fromEntries(
    featureNames.flatMap((name, f): [string, number][] => (count[f] > 0 ? [[name, score(f)]] : [])),
  )
}
