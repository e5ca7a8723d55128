import type { Cell, Transaction } from '../data/transaction.ts'
import { FdsError } from '../errors.ts'
import { type CompiledInput, type CompiledSpec, compileSpec } from './compile-spec.ts'
import type { FeatureSpec } from './feature-spec.ts'
import { EXPECTED } from './read-cell.ts'

/**
 * Makes the function that writes one live transaction's features into `out`, one float32 a feature in the
 * order of `featureNames`. It keeps its scratch space, so it is not re-entrant, and allocates next to nothing.
 * `values`, one place for each of the specification's inputs, is that space: it holds the numbers of the last
 * transaction's columns, of a text its category's code, NaN for what is missing or unused.
 *
 * A column left out and `null` are missing; so is the empty text in a text column. Timestamps are ISO 8601 texts
 * or seconds since 1970.
 *
 * Errors: FEATURES_MISMATCH names columns that the model does not know, and refuses an `out` of another
 * length; TRANSACTION_INVALID for a value of the wrong type (NaN and infinite numbers, lists and objects
 * included). Cost O(columns + features).
 */
export function createRowTransformer(
  spec: FeatureSpec,
  values: Float64Array = new Float64Array(spec.inputs.length),
): (transaction: Transaction, out: Float32Array) => void {
  const compiled = compileSpec(spec)
  const { inputs, features } = compiled
  // one caller's transactions mostly name the same columns in the same order
  const usual: CompiledInput[] = []
  return (transaction, out) => {
    values.fill(Number.NaN)
    // own keys alone: a name such as "constructor" is a column like any other
    const names = Object.keys(transaction)
    for (let i = 0; i < names.length; i++) {
      const name = names[i]!
      const input = usual[i]?.name === name ? usual[i]! : inputs.get(name)
      if (input === undefined) throw unknownColumns(compiled, transaction)
      usual[i] = input
      values[input.index] = readField(input, transaction[name])
    }
    if (out.length !== features.length) throw wrongLength(features.length, out.length)
    for (let i = 0; i < features.length; i++) {
      const feature = features[i]!
      out[i] = feature.encode(values[feature.source]!)
    }
  }
}

function readField(input: CompiledInput, cell: Cell | undefined): number {
  const value = isOtherThanText(input, cell) ? undefined : input.read(cell)
  if (value !== undefined) return value
  const expected = input.used ? EXPECTED[input.kind] : 'a number, a text, true, false or null'
  throw new FdsError('TRANSACTION_INVALID', { field: input.name, expected, got: shown(cell) })
}

/** A file's column may hold numbers where texts are due (`transformTable` takes their text); a live value may not. */
function isOtherThanText(input: CompiledInput, cell: Cell | undefined): boolean {
  return input.used && input.kind === 'text' && (typeof cell === 'number' || typeof cell === 'boolean')
}

/** A value for a message, cut short. */
function shown(cell: unknown): string {
  const text = typeof cell === 'number' ? String(cell) : (JSON.stringify(cell) ?? typeof cell)
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}

function unknownColumns({ inputs }: CompiledSpec, transaction: Transaction): FdsError {
  const names = Object.keys(transaction)
  const unknown = names.filter((name) => !inputs.has(name))
  const expected = [...inputs.values()].filter((input) => input.used).length
  return new FdsError('FEATURES_MISMATCH', { expected, got: names.length, missing: [], unknown })
}

function wrongLength(expected: number, got: number): FdsError {
  return new FdsError('FEATURES_MISMATCH', { expected, got, missing: [], unknown: [] })
}
