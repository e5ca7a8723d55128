import { FdsError } from '../errors.ts'
import { type FeatureSpec, sealSpec } from './feature-spec.ts'

/**
 * The specification of a model that was trained elsewhere on numeric columns: each name is one feature, and the
 * number of the column at its place in `columns` (default: of the same name) unchanged. Nothing was fitted, so `rows`
 * and `prior` are 0. FEATURE_SPEC_INVALID without names, or when two are the same.
 *
 * @example
 * featureNames(passThroughSpec(['amount', 'age'])) // ['amount', 'age']
 */
export function passThroughSpec(names: readonly string[], columns: readonly string[] = names): FeatureSpec {
  for (const list of [names, columns]) {
    if (list.length === 0 || new Set(list).size < list.length) {
      throw new FdsError('FEATURE_SPEC_INVALID', { reason: 'it needs feature names that all differ' })
    }
  }
  return sealSpec({
    version: 1,
    rows: 0,
    prior: 0,
    inputs: columns.map((name) => ({ name, kind: 'number', used: true })),
    features: names.map((name, f) => ({
      name,
      type: 'float',
      input: columns[f]!,
      encoder: { kind: 'number' },
    })),
  })
}
