import type { Column } from '../../data/table.ts'
import { FdsError } from '../../errors.ts'
import { changeTest } from './change-test.ts'
import { SIGNIFICANCE } from './judge-columns.ts'
import { ksTest } from './ks-test.ts'
import type { LookedAt } from './looked-at.ts'
import { type BinnedCounts, MATERIAL_PSI, type PsiTest } from './psi.ts'
import {
  correctedJensenShannonDistance,
  hellingerDistance,
  klDivergence,
  totalVariationDistance,
} from './share-distances.ts'
import { shareTest } from './share-test.ts'
import { wassersteinDistance } from './wasserstein.ts'

/** What a method sees of a column. */
export interface ComparedColumn {
  /** Missing values have the last bin. */
  readonly bins: BinnedCounts
  readonly psi: PsiTest
  /** The column in both tables, where they are at hand. */
  readonly values: { readonly reference: Column; readonly current: Column } | undefined
}

/** A method by Evidently's name, and from where on its score matters; its own default without. */
export interface Choice {
  readonly method: string
  readonly threshold: number | undefined
}

/** How a method judges: by a distance that must also be no chance, or by a probability. */
interface Method {
  readonly threshold: number
  readonly isForNumbers?: true
  /** Null where the values leave no distance. */
  readonly distance?: (column: ComparedColumn) => number | null
  /** The probability where nothing changed; `changeTest` unless given. */
  readonly test?: (column: ComparedColumn) => number
}

const METHODS: Readonly<Record<string, Method>> = {
  psi: { threshold: MATERIAL_PSI, distance: ({ psi }) => psi.psi },
  jensenshannon: { threshold: 0.1, distance: ofBins(correctedJensenShannonDistance) },
  hellinger: { threshold: 0.1, distance: ofBins(hellingerDistance) },
  kl_div: {
    threshold: 0.1,
    distance: ({ bins }) => klDivergence(smoothed(bins.reference), smoothed(bins.current)),
  },
  TVD: { threshold: 0.1, distance: ofBins(totalVariationDistance) },
  wasserstein: { threshold: 0.1, isForNumbers: true, distance: inDeviations, test: byKs },
  ks: { threshold: SIGNIFICANCE, isForNumbers: true, test: byKs },
  chisquare: { threshold: SIGNIFICANCE, test: ({ bins }) => changeTest(bins) },
  z: { threshold: SIGNIFICANCE, test: fullestAgainstRest },
}

/** The names of the methods. */
export const DISTRIBUTION_METHODS: readonly string[] = Object.keys(METHODS)

/** Whether a method compares texts too. */
export function comparesTexts(method: string): boolean {
  return METHODS[method]?.isForNumbers !== true
}

/**
 * What a method says of a column's distribution, before the verdict. Distances (`psi`, `jensenshannon`, `hellinger`,
 * `kl_div`, `TVD`, `wasserstein`) are material from their threshold on and must be no chance besides; `ks`,
 * `chisquare` and `z` are judged by their p-value alone, after the correction. All but `ks` and `wasserstein` compare
 * the profile's bins; those two need both tables, PARAM_INVALID without.
 */
export function distributionFinding(column: ComparedColumn, choice: Choice): Omit<LookedAt, 'message'> {
  const { distance, test = ({ bins }) => changeTest(bins), ...defaults } = METHODS[choice.method]!
  const threshold = choice.threshold ?? defaults.threshold
  const p_value = test(column)
  const base = { kind: 'distribution', threshold, p_value } as const
  if (!distance) return { ...base, score: p_value, weight: 'material', level: threshold }
  const score = distance(column)
  const isMaterial = score !== null && score >= threshold && isBeyondChance(column, choice.method)
  return { ...base, score, weight: isMaterial ? 'material' : 'none' }
}

/** The index has a test of its own for being as large as 0.1. */
function isBeyondChance({ psi }: ComparedColumn, method: string): boolean {
  return method !== 'psi' || psi.pValue < SIGNIFICANCE
}

function ofBins(
  distance: (reference: ArrayLike<number>, current: ArrayLike<number>) => number,
): (column: ComparedColumn) => number {
  return ({ bins }) => distance(bins.reference, bins.current)
}

/** Half a row a bin, as the index has it, so that an empty bin leaves the divergence finite. */
function smoothed(counts: ArrayLike<number>): Float64Array {
  return Float64Array.from(counts, (count) => count + 0.5)
}

function fullestAgainstRest({ bins: { reference, current } }: ComparedColumn): number {
  let fullest = 0
  let [n, m] = [0, 0]
  for (let i = 0; i < reference.length; i++) {
    n += reference[i]!
    m += current[i]!
    if (reference[i]! + current[i]! > reference[fullest]! + current[fullest]!) fullest = i
  }
  return shareTest({ count: reference[fullest]!, rows: n }, { count: current[fullest]!, rows: m })
}

/** Values missing on a side whole leave nothing to compare; that is a finding of its own. */
function byKs(column: ComparedColumn): number {
  const { pValue } = ksTest(numbersOf(column, 'reference'), numbersOf(column, 'current'))
  return Number.isNaN(pValue) ? 1 : pValue
}

/** The Wasserstein distance in standard deviations of the reference's finite values; null where they have none. */
function inDeviations(column: ComparedColumn): number | null {
  const [reference, current] = (['reference', 'current'] as const).map((side) =>
    numbersOf(column, side).filter(Number.isFinite),
  )
  const mean = reference!.reduce((sum, value) => sum + value, 0) / reference!.length
  const squares = reference!.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  const distance = wassersteinDistance(reference!, current!) / Math.sqrt(squares / reference!.length)
  return Number.isFinite(distance) ? distance : null
}

function numbersOf({ values }: ComparedColumn, side: 'reference' | 'current'): Float64Array {
  const column = values?.[side]
  if (column && column.kind !== 'text') return column.values
  throw new FdsError('PARAM_INVALID', {
    name: 'method',
    expected: 'one that compares bins where the reference is a profile',
    got: 'ks or wasserstein',
  })
}
