import { createHash } from 'node:crypto'
import type { Column } from '../data/table.ts'
import { canonicalJson } from './canonical-json.ts'
import type { ColumnRole } from './roles.ts'

export type ColumnKind = Column['kind']

/** A source column: what a file or a live transaction may carry under this name. */
export interface SpecInput {
  readonly name: string
  readonly kind: ColumnKind
  /** Whether a feature is made of it. Of an unused column any value is accepted and ignored. */
  readonly used: boolean
  readonly role?: ColumnRole
  /** A used text column's known categories; a category's code is its place here. */
  readonly categories?: readonly string[]
}

/**
 * How a column's value becomes a feature's:
 * - `number`: itself, as float32; beyond float32 is missing.
 * - `cents`: hundredths of the fractional part, 0–99.
 * - `hour`: whole hour of the day, UTC, 0–23. `weekday`: Monday 0 … Sunday 6. `day`: day of the month, 1–31.
 * - `category`: the category's code; an unseen one has the code after the last.
 * - `frequency`: the category's share of the training rows. `target`: its smoothed share of label 1.
 *   `values` by code; `other` for a category that is not in the table.
 */
export type Encoder =
  | { readonly kind: 'number' | 'cents' | 'hour' | 'weekday' | 'day' | 'category' }
  | { readonly kind: 'frequency' | 'target'; readonly values: readonly number[]; readonly other: number }

/** A column of the model's matrix. */
export interface SpecFeature {
  readonly name: string
  /** XGBoost's feature type. */
  readonly type: 'float' | 'int'
  /** The source column's name. */
  readonly input: string
  readonly encoder: Encoder
}

/** Everything that turns a transaction into the model's numbers: a plain JSON value, frozen. */
export interface FeatureSpec {
  readonly version: 1
  /** Training rows it was fitted on; 0 for a specification made of names alone. */
  readonly rows: number
  /** Share of label 1 in the training rows. */
  readonly prior: number
  /** Source columns in the training file's order. */
  readonly inputs: readonly SpecInput[]
  /** Features in the matrix's order. */
  readonly features: readonly SpecFeature[]
  /** SHA-256 (hex) of the canonical JSON of all the above. */
  readonly hash: string
}

/** A source column as a caller sees it; a transaction may leave any of them out, which means missing. */
export type InputColumn = Pick<SpecInput, 'name' | 'kind' | 'used' | 'role'>

/** The features' names, in the matrix's order. */
export function featureNames(spec: FeatureSpec): readonly string[] {
  return spec.features.map((feature) => feature.name)
}

/** The columns a live transaction may carry, in the training file's order, without their category tables. */
export function inputColumns(spec: FeatureSpec): readonly InputColumn[] {
  return spec.inputs.map(({ categories: _, ...column }) => column)
}

/** Adds the hash and freezes the whole. Cost O(size of the JSON). */
export function sealSpec(body: Omit<FeatureSpec, 'hash'>): FeatureSpec {
  return deepFreeze({ ...body, hash: specHash(body) })
}

/** SHA-256 (64 hex digits) of the specification's canonical JSON, its own `hash` left out. */
export function specHash(spec: Omit<FeatureSpec, 'hash'>): string {
  const { version, rows, prior, inputs, features } = spec
  return createHash('sha256').update(canonicalJson({ version, rows, prior, inputs, features })).digest('hex')
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value
  for (const part of Object.values(value)) deepFreeze(part)
  return Object.freeze(value)
}
