/** Trees below which a curve says too little, and how much of a leaf they must have learned together. */
const TREES_MIN = 50
const LEARNED_MIN = 1.5

/**
 * Whether boosting may still reach a value, judged by what the last doubling of the trees gained: gains shrink as
 * trees are added, so each further doubling is granted one and a half times the last one's gain, and a part of a doubling
 * three quarters of the mean gain of the trees since half-way. `curve[i]` is the best value of up to i + 1 trees, larger being
 * better. True below 50 trees, while trees × learning rate is below 1.5, as gains still grow then, and where the curve
 * is there.
 *
 * On 18 curves of the specification's space, judged against the best of 10 others, this ended two thirds of the growing,
 * and one in a thousand of the trials that would have become the best, by 0.002 (docs/decisions/0029-tuning-trees.md).
 *
 * @example
 * canReach(0.9, { curve: Array.from({ length: 60 }, () => 0.5), total: 500, learningRate: 0.1 }) // false
 */
export function canReach(
  value: number,
  of: { readonly curve: readonly number[]; readonly total: number; readonly learningRate: number },
): boolean {
  const { curve, total, learningRate } = of
  const trees = curve.length
  if (trees < TREES_MIN || trees * learningRate < LEARNED_MIN) return true
  const now = curve[trees - 1]!
  const gained = now - curve[Math.floor(trees / 2) - 1]!
  const growth = total / trees
  return now + 1.5 * gained * Math.min(Math.log2(growth), growth - 1) >= value
}
