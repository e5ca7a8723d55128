import type { NumberArray } from './document-fields.ts'
import { type DocumentValue, Float } from './document-value.ts'
import { writeNumbers } from './ubjson-numbers.ts'

/**
 * Writes a document as UBJSON (draft 12), as XGBoost does: lengths are 64-bit, typed arrays keep their type, and an
 * integer takes the smallest signed type that holds it. Cost O(bytes).
 */
export function writeUbjson(value: DocumentValue): Uint8Array {
  return Buffer.concat(Array.from(chunksOf(value)))
}

function* chunksOf(value: DocumentValue): Generator<Uint8Array> {
  if (typeof value === 'string') yield* [Buffer.from('S'), ...sized(value)]
  else if (typeof value === 'number') yield* marked(smallestOf(value))
  else if (value instanceof Float) yield* marked(Float32Array.of(value.value))
  else if (ArrayBuffer.isView(value)) yield* typedList(value)
  else if (isList(value)) {
    yield* [Buffer.from('[#'), ...lengthOf(value.length)]
    for (const item of value) yield* chunksOf(item)
  } else {
    yield Buffer.from('{')
    for (const [name, member] of Object.entries(value)) yield* [...sized(name), ...chunksOf(member)]
    yield Buffer.from('}')
  }
}

/** A text's length and bytes: all of a key, and what follows the marker of a value. */
function sized(text: string): Uint8Array[] {
  const bytes = Buffer.from(text)
  return [...lengthOf(bytes.length), bytes]
}

function typedList(numbers: NumberArray): Uint8Array[] {
  const { marker, bytes } = writeNumbers(numbers)
  return [Buffer.from(`[$${marker}#`), ...lengthOf(numbers.length), bytes]
}

function lengthOf(length: number): Uint8Array[] {
  return marked(BigInt64Array.of(BigInt(length)))
}

/** A single number behind the marker of its type. */
function marked(numbers: NumberArray): Uint8Array[] {
  const { marker, bytes } = writeNumbers(numbers)
  return [Buffer.from(marker), bytes]
}

function smallestOf(integer: number): NumberArray {
  const types = [Int8Array, Int16Array, Int32Array]
  const Type = types.find((Candidate) => Candidate.of(integer)[0] === integer)
  return Type === undefined ? BigInt64Array.of(BigInt(integer)) : Type.of(integer)
}

/** `Array.isArray` does not know read-only lists. */
function isList(value: object): value is readonly DocumentValue[] {
  return Array.isArray(value)
}
