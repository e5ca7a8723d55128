import { FdsError } from '../../errors.ts'
import { type FeatureSpec, featureNames } from '../../features/feature-spec.ts'
import type { Booster } from '../../model/booster.ts'

/** MODEL_FILE_INVALID where the trees and the specification do not name the same features in the same order. */
export function requireSameFeatures(booster: Booster, spec: FeatureSpec): void {
  const expected = booster.featureNames
  const made = featureNames(spec)
  const at = made.findIndex((name, index) => name !== expected[index])
  if (at < 0 && made.length === expected.length) return
  const place = at < 0 ? made.length : at
  const reason =
    `model.json and features.json must name the same ${expected.length} features in the same order, but ` +
    `feature ${place} is "${expected[place] ?? 'none'}" in the one and "${made[place] ?? 'none'}" in the other`
  throw new FdsError('MODEL_FILE_INVALID', { reason })
}
