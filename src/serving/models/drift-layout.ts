import type { FeatureSpec, SpecInput } from '../../features/feature-spec.ts'
import type { Booster } from '../../model/booster.ts'
import type { CategoryProfile, NumberProfile, Profile } from '../../monitoring/profile/profile.ts'

/** Columns that are watched at most, those of most importance to the trees; the score comes on top. */
export const MOST_COLUMNS = 20
/** Categories with a bin of their own at most; all others share one. */
const MOST_CATEGORIES = 9
/** The share of the reference from which on a category has a bin. */
const LEAST_SHARE = 0.01
/** Bins of values at most, so that four comparisons find one; the last place is of missing values. */
export const BINS = 16
export const MISSING = BINS - 1
/** What the score's series are called. */
export const SCORE = 'score'

/** How one column, or the score, is counted. */
export interface DriftFeature {
  readonly name: string
  /** The column's place among the specification's inputs; −1 for the score. */
  readonly source: number
  /** Of numbers: bin i holds the values in (edge i−1, edge i]. */
  readonly edges?: readonly number[]
  /** Of texts: the bin of each category code. */
  readonly binOf?: Uint8Array
  /** The training data's rows by bin; the last are missing. */
  readonly reference: Float64Array
}

/**
 * What is counted for a model with a profile: the 20 columns whose features gain most in its trees, then the score
 * where the profile has its distribution. Numbers have the profile's bins (deciles), texts their 9 most frequent
 * categories with 1 % of the rows and one for the rest. Times always move and are left out, as are ids and entities.
 */
export function driftLayout(profile: Profile, spec: FeatureSpec, booster: Booster): DriftFeature[] {
  const gains = gainsOf(spec, booster)
  const columns = new Map(profile.columns.map((column) => [column.name, column]))
  const watched = spec.inputs.flatMap((input, source): DriftFeature[] => {
    const column = columns.get(input.name)
    if (!isWatched(input) || column === undefined || column.type === 'datetime') return []
    const isText = input.kind === 'text'
    if (isText !== (column.type === 'cat')) return []
    return column.type === 'cat' ? [categoryBins(column, input, source)] : numberBins(column, source)
  })
  const byGain = watched.sort((a, b) => gains.get(b.source)! - gains.get(a.source)!).slice(0, MOST_COLUMNS)
  const named = byGain.map((feature) =>
    feature.name === SCORE ? { ...feature, name: 'column score' } : feature,
  )
  return [...named, ...(profile.scores ? numberBins({ ...profile.scores, name: SCORE }, -1) : [])]
}

function isWatched({ used, role }: SpecInput): boolean {
  return used && (role === undefined || role === 'amount')
}

/** The gain of the features made of each input, by its place. */
function gainsOf(spec: FeatureSpec, booster: Booster): Map<number, number> {
  const importance = booster.importance('total_gain')
  const places = new Map(spec.inputs.map(({ name }, place) => [name, place]))
  const gains = new Map(spec.inputs.map((_, place) => [place, 0]))
  for (const { name, input } of spec.features) {
    const place = places.get(input)!
    gains.set(place, gains.get(place)! + (importance[name] ?? 0))
  }
  return gains
}

function numberBins({ name, cuts, counts, missing }: NumberProfile, source: number): DriftFeature[] {
  if (counts.length > MISSING) return []
  const reference = new Float64Array(BINS)
  reference.set(counts)
  reference[MISSING] = missing
  return [{ name, source, edges: cuts, reference }]
}

function categoryBins(column: CategoryProfile, input: SpecInput, source: number): DriftFeature {
  const { name, categories, counts, missing } = column
  const rows = counts.reduce((sum, count) => sum + count, missing)
  const chosen = [...categories.keys()]
    .filter((place) => counts[place]! >= LEAST_SHARE * rows)
    .sort((a, b) => counts[b]! - counts[a]!)
    .slice(0, MOST_CATEGORIES)
  const bins = new Map(chosen.map((place, bin) => [categories[place]!, bin]))
  const known = input.categories ?? []
  // the code after the last is of every text that is not known
  const binOf = Uint8Array.from([...known, undefined], (text) => bins.get(text ?? '') ?? chosen.length)
  const reference = new Float64Array(BINS)
  counts.forEach((count, place) => {
    reference[bins.get(categories[place] ?? '') ?? chosen.length]! += count
  })
  reference[MISSING] = missing
  return { name, source, binOf, reference }
}
