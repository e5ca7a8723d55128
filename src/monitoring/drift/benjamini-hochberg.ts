/**
 * Benjamini and Hochberg's q-values: the least share of false ones among the tests at which each would still count.
 * Counting those with q < 0.05 raises a false alarm in at most 5 % of reports where nothing changed, and keeps the
 * false ones to 5 % on average where something did. Holds for independent tests and for those that move together.
 * Null stands for no test and stays null. Cost O(k log k). Source: J. Royal Statistical Society B 57 (1995).
 *
 * @example
 * qValues([0.01, null, 0.04, 0.03]) // [ 0.03, null, 0.04, 0.04 ]
 */
export function qValues(pValues: readonly (number | null)[]): (number | null)[] {
  const tested = pValues.flatMap((p, i) => (p === null ? [] : [{ p, i }])).sort((a, b) => b.p - a.p)
  const found = new Array<number | null>(pValues.length).fill(null)
  let least = 1
  for (const [after, { p, i }] of tested.entries()) {
    least = Math.min(least, (p * tested.length) / (tested.length - after))
    found[i] = least
  }
  return found
}
