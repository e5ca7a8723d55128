import Type from 'typebox'
import { Check, Errors } from 'typebox/value'
import { FdsError } from '../errors.ts'
import {
  type ColumnKind,
  type Encoder,
  type FeatureSpec,
  type SpecFeature,
  type SpecInput,
  sealSpec,
} from './feature-spec.ts'

/**
 * Reads a saved specification (the parsed JSON of `features.json`), checks it whole and freezes a copy.
 * Nothing in it is run, and a name such as `__proto__` is a name like any other.
 *
 * Errors: FEATURE_SPEC_INVALID with the reason: a field of the wrong type, an unknown field, a name used twice,
 * a feature of a column that is not there or of another kind, a table of another length, a hash that is not
 * that of the content. Cost O(size).
 */
export function parseFeatureSpec(json: unknown): FeatureSpec {
  if (!Check(SPEC, json)) throw invalid(firstFault(json))
  const { hash, ...body } = structuredClone(json) as FeatureSpec
  checkDistinct('inputs', namesOf(body.inputs))
  checkDistinct('features', namesOf(body.features))
  for (const input of body.inputs) checkInput(input, body.features)
  const inputs = new Map(body.inputs.map((input) => [input.name, input]))
  for (const feature of body.features) checkFeature(feature, inputs.get(feature.input))
  const spec = sealSpec(body)
  if (spec.hash !== hash) throw invalid(`its hash must be ${spec.hash}, got ${hash}: the content was changed`)
  return spec
}

const exact = { additionalProperties: false }
const literals = (...values: readonly string[]) => Type.Union(values.map((value) => Type.Literal(value)))

const ENCODER = Type.Union([
  Type.Object({ kind: literals('number', 'cents', 'hour', 'weekday', 'day', 'category') }, exact),
  Type.Object(
    { kind: literals('frequency', 'target'), values: Type.Array(Type.Number()), other: Type.Number() },
    exact,
  ),
])

const INPUT = Type.Object(
  {
    name: Type.String(),
    kind: literals('number', 'boolean', 'timestamp', 'date', 'time', 'text'),
    used: Type.Boolean(),
    role: Type.Optional(literals('label', 'time', 'id', 'entity', 'amount', 'ignore')),
    categories: Type.Optional(Type.Array(Type.String({ minLength: 1 }), { minItems: 1 })),
  },
  exact,
)

const FEATURE = Type.Object(
  { name: Type.String(), type: literals('float', 'int'), input: Type.String(), encoder: ENCODER },
  exact,
)

const SPEC = Type.Object(
  {
    version: Type.Literal(1),
    rows: Type.Integer({ minimum: 0 }),
    prior: Type.Number({ minimum: 0, maximum: 1 }),
    inputs: Type.Array(INPUT, { minItems: 1 }),
    features: Type.Array(FEATURE, { minItems: 1 }),
    hash: Type.String(),
  },
  exact,
)

/** The encoders that make sense of a column's values. */
const ENCODERS: Readonly<Record<ColumnKind, readonly Encoder['kind'][]>> = {
  number: ['number', 'cents', 'hour', 'weekday'],
  boolean: ['number'],
  timestamp: ['hour', 'weekday'],
  date: ['weekday', 'day'],
  time: ['hour'],
  text: ['category', 'frequency', 'target'],
}

function firstFault(json: unknown): string {
  const fault = Errors(SPEC, json)[0]
  return fault ? `${fault.instancePath || 'the whole'} ${fault.message}` : 'it has the wrong shape'
}

function checkInput({ name, kind, used, categories }: SpecInput, features: readonly SpecFeature[]): void {
  if ((used && kind === 'text') !== (categories !== undefined)) {
    throw invalid(`input "${name}" must have categories if it is a used text, and only then`)
  }
  if (used && !features.some((feature) => feature.input === name)) {
    throw invalid(`input "${name}" is used, but no feature is made of it`)
  }
  checkDistinct(`categories of "${name}"`, categories ?? [])
}

function checkFeature({ name, encoder, input: source }: SpecFeature, input: SpecInput | undefined): void {
  if (!input?.used) throw invalid(`feature "${name}" is made of "${source}", which is no used input`)
  if (!ENCODERS[input.kind].includes(encoder.kind)) {
    throw invalid(`feature "${name}": the encoder ${encoder.kind} does not suit a ${input.kind} column`)
  }
  const known = input.categories?.length
  if ('values' in encoder && encoder.values.length !== known) {
    throw invalid(`feature "${name}" must have ${known} values, got ${encoder.values.length}`)
  }
}

function checkDistinct(what: string, names: readonly string[]): void {
  const seen = new Set<string>()
  for (const name of names) {
    if (seen.has(name)) throw invalid(`${what} must differ, got "${name}" twice`)
    seen.add(name)
  }
}

function namesOf(list: readonly { readonly name: string }[]): readonly string[] {
  return list.map((item) => item.name)
}

function invalid(reason: string): FdsError {
  return new FdsError('FEATURE_SPEC_INVALID', { reason })
}
