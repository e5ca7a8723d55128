import { FdsError } from '../errors.ts'
import { type FeatureSpec, sealSpec } from './feature-spec.ts'

/**
 * The specification of a model that was trained elsewhere on numeric columns: each name is one input and one
 * feature, its number unchanged. Nothing was fitted, so `rows` and `prior` are 0.
 * FEATURE_SPEC_INVALID without names, or when two are the same.
 *
 * @example
 * featureNames(passThroughSpec(['amount', 'age'])) // ['amount', 'age']
 */
export function passThroughSpec(names: readonly string[]): FeatureSpec {
  if (names.length === 0 || new Set(names).size < names.length) {
    throw new FdsError('FEATURE_SPEC_INVALID', { reason: 'it needs feature names that all differ' })
  }
  return sealSpec({
    version: 1,
    rows: 0,
    prior: 0,
    inputs: names.map((name) => ({ name, kind: 'number', used: true })),
    features: names.map((name) => ({ name, type: 'float', input: name, encoder: { kind: 'number' } })),
  })
}
