export {
  type ColumnKind,
  type Encoder,
  type FeatureSpec,
  featureNames,
  type InputColumn,
  inputColumns,
  type SpecFeature,
  type SpecInput,
} from './feature-spec.ts'
export { type FittedFeatures, fitFeatures } from './fit-features.ts'
export { parseFeatureSpec } from './parse-feature-spec.ts'
export { parseTimestamp } from './parse-time.ts'
export { passThroughSpec } from './pass-through-spec.ts'
export type { ColumnRole, ColumnRoles } from './roles.ts'
export { createRowTransformer } from './row-transformer.ts'
export { transformTable } from './transform-table.ts'
