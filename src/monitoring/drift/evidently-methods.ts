import {
  chiSquare,
  hellinger,
  jensenShannon,
  kullbackLeibler,
  normedWasserstein,
  psi,
  type Sides,
  zOfOthers,
} from './evidently-scores.ts'
import type { EvidentlyType } from './evidently-types.ts'
import { distinctCount, rowsOf } from './evidently-values.ts'
import { ksTest } from './ks-test.ts'

/** A method of Evidently: what it is called in reports, what it is for, and from where on a column drifted. */
export type Method = {
  readonly label: string
  readonly types: readonly EvidentlyType[]
  readonly threshold: number
  readonly isDrifted: (score: number, threshold: number) => boolean
} & (
  | { readonly ofNumbers: (reference: Float64Array, current: Float64Array) => number }
  /** Null where the values leave no score. */
  | { readonly ofValues: (sides: Sides) => number | null }
)

/** The methods by Evidently's names in options. Its ten others are refused. */
export type MethodName =
  | 'ks'
  | 'wasserstein'
  | 'chisquare'
  | 'z'
  | 'jensenshannon'
  | 'psi'
  | 'kl_div'
  | 'hellinger'

const isBelow = (score: number, threshold: number): boolean => score < threshold
const isAtLeast = (score: number, threshold: number): boolean => score >= threshold

const ofCategories = { types: ['cat'], threshold: 0.05, isDrifted: isBelow } as const
const ofBoth = { types: ['cat', 'num'], threshold: 0.1, isDrifted: isAtLeast } as const

/** Labels, thresholds and comparisons of Evidently 0.7.23. */
export const METHODS: Readonly<Record<MethodName, Method>> = {
  ks: {
    label: 'K-S p_value',
    types: ['num'],
    threshold: 0.05,
    isDrifted: (score, threshold) => score <= threshold,
    ofNumbers: (reference, current) => ksTest(reference, current).pValue,
  },
  wasserstein: {
    label: 'Wasserstein distance (normed)',
    types: ['num'],
    threshold: 0.1,
    isDrifted: isAtLeast,
    ofNumbers: normedWasserstein,
  },
  chisquare: { label: 'chi-square p_value', ...ofCategories, ofValues: chiSquare },
  z: { label: 'Z-test p_value', ...ofCategories, ofValues: zOfOthers },
  jensenshannon: { label: 'Jensen-Shannon distance', ...ofBoth, ofValues: jensenShannon },
  psi: { label: 'PSI', ...ofBoth, ofValues: psi },
  kl_div: { label: 'Kullback-Leibler divergence', ...ofBoth, ofValues: kullbackLeibler },
  hellinger: { label: 'Hellinger distance', ...ofBoth, ofValues: hellinger },
}

/** Above so many reference rows Evidently measures a distance instead of testing. */
const ROWS_FOR_TESTS = 1000

/**
 * The method that Evidently takes where none is given, by the rows of the reference and the number of different
 * values on both sides: above 1,000 rows Wasserstein for numbers of more than five values and Jensen-Shannon for
 * the rest; else Kolmogorov-Smirnov for those numbers, the Z test for up to two values, chi-square for the rest.
 */
export function defaultMethod({ reference, current, type }: Sides): MethodName {
  const values = distinctCount([reference, current], 5)
  const isNumeric = type === 'num' && values > 5
  if (rowsOf(reference) > ROWS_FOR_TESTS) return isNumeric ? 'wasserstein' : 'jensenshannon'
  if (isNumeric) return 'ks'
  return values > 2 ? 'chisquare' : 'z'
}
