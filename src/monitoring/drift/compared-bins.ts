import type { CategoryProfile, ColumnProfile } from '../profile/profile.ts'
import type { BinnedCounts } from './psi.ts'

/** Categories that are compared on their own at most. */
const MOST_CATEGORIES = 30
/** The share of all rows from which on a category is one of them. */
const LEAST_SHARE = 0.01
/** Rows that it must be expected to have on the smaller side. */
const FEWEST_EXPECTED = 10

/**
 * The counts of both sides in the bins that are compared, missing values last. Numbers: the profile's. Categories:
 * the 30 most frequent in both sides together, with 1 % of the rows and 10 expected rows on the smaller side; all
 * others share a bin. The reference alone must not choose: what is frequent in it by chance is less so in any other
 * data, and of 1,000 like categories its 30 most frequent would always seem to have shrunk.
 */
export function comparedBins(reference: ColumnProfile, current: ColumnProfile): BinnedCounts {
  const sides = { reference: [...reference.counts], current: [...current.counts] }
  const { reference: before, current: after } =
    reference.type === 'cat' ? frequentBins(sides, reference) : sides
  return { reference: [...before, reference.missing], current: [...after, current.missing] }
}

function frequentBins(
  sides: { readonly reference: number[]; readonly current: number[] },
  { categories }: CategoryProfile,
): { readonly reference: number[]; readonly current: number[] } {
  const [n, m] = [sum(sides.reference), sum(sides.current)]
  const both = (bin: number): number => sides.reference[bin]! + sides.current[bin]!
  const least = Math.max(LEAST_SHARE * (n + m), (FEWEST_EXPECTED * (n + m)) / Math.min(n, m))
  const chosen = [...categories.keys()]
    .filter((bin) => both(bin) >= least)
    .sort((a, b) => both(b) - both(a))
    .slice(0, MOST_CATEGORIES)
  const counts = (side: number[]): number[] => {
    const alone = chosen.map((bin) => side[bin]!)
    return [...alone, sum(side) - sum(alone)]
  }
  return { reference: counts(sides.reference), current: counts(sides.current) }
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0)
}
