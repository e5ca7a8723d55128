import { compileEncoder, type Encode } from './encode.ts'
import type { ColumnKind, FeatureSpec, SpecInput } from './feature-spec.ts'
import { type CellReader, type CodeOf, categoryCodes, cellReader, unusedCellReader } from './read-cell.ts'

/** A specification made ready to run: how to read each source column, and what to make of it. */
export interface CompiledSpec {
  readonly inputs: ReadonlyMap<string, CompiledInput>
  readonly features: readonly CompiledFeature[]
}

export interface CompiledInput {
  readonly name: string
  readonly kind: ColumnKind
  readonly used: boolean
  /** Its place among the inputs. */
  readonly index: number
  readonly codeOf: CodeOf
  readonly read: CellReader
}

export interface CompiledFeature {
  /** The place of its source among the inputs. */
  readonly source: number
  readonly encode: Encode
}

/** Compiles a specification once for many rows. Cost O(categories). */
export function compileSpec(spec: FeatureSpec): CompiledSpec {
  const inputs = new Map(spec.inputs.map((input, index) => [input.name, compileInput(input, index)]))
  const features = spec.features.map(({ input, encoder }) => ({
    source: inputs.get(input)!.index,
    encode: compileEncoder(encoder),
  }))
  return { inputs, features }
}

function compileInput(input: SpecInput, index: number): CompiledInput {
  const { name, kind, used, categories = [] } = input
  const codeOf = categoryCodes(categories)
  return { name, kind, used, index, codeOf, read: used ? cellReader(kind, codeOf) : unusedCellReader }
}
