import type { CategoryProfile, ColumnProfile } from '../profile/profile.ts'
import type { BinnedCounts } from './psi.ts'

/** Categories that are compared on their own at most. */
const MOST_CATEGORIES = 30
/** The share of all rows from which on a category is one of them. */
const LEAST_SHARE = 0.01
/** Rows that it must be expected to have on the smaller side. */
const FEWEST_EXPECTED = 10

/** The counts of both sides in the bins that are compared, missing values last. */
export function comparedBins(reference: ColumnProfile, current: ColumnProfile): BinnedCounts {
  const [before, after] = comparedSides(reference, current)
  return { reference: [...before.counts, before.missing], current: [...after.counts, after.missing] }
}

/**
 * Both sides in the bins that are compared. Numbers: the profile's. Categories: the 30 most frequent in both sides
 * together, with 1 % of the rows and 10 expected rows on the smaller side; all others share a bin. The reference
 * alone must not choose: what is frequent in it by chance is less so in any other data, and of 1,000 like categories
 * its 30 most frequent would always seem to have shrunk. Both sides have one layout.
 */
export function comparedSides(
  reference: ColumnProfile,
  current: ColumnProfile,
): readonly [reference: ColumnProfile, current: ColumnProfile] {
  if (reference.type !== 'cat' || current.type !== 'cat') return [reference, current]
  const chosen = frequentBins(reference, current)
  const categories = chosen.map((bin) => reference.categories[bin]!)
  const reduced = (side: CategoryProfile): CategoryProfile => {
    const alone = chosen.map((bin) => side.counts[bin]!)
    return { ...side, categories, counts: [...alone, sum(side.counts) - sum(alone)] }
  }
  return [reduced(reference), reduced(current)]
}

function frequentBins(reference: CategoryProfile, current: CategoryProfile): number[] {
  const [n, m] = [sum(reference.counts), sum(current.counts)]
  const both = (bin: number): number => reference.counts[bin]! + current.counts[bin]!
  const least = Math.max(LEAST_SHARE * (n + m), (FEWEST_EXPECTED * (n + m)) / Math.min(n, m))
  return [...reference.categories.keys()]
    .filter((bin) => both(bin) >= least)
    .sort((a, b) => both(b) - both(a))
    .slice(0, MOST_CATEGORIES)
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0)
}
