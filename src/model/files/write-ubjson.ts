import { type DocumentValue, Float, type TypedList } from './document-value.ts'

/**
 * Writes a document as UBJSON (draft 12), as XGBoost does: lengths are 64-bit, typed arrays keep their type, and an
 * integer takes the smallest signed type that holds it. Cost O(bytes).
 */
export function writeUbjson(value: DocumentValue): Uint8Array {
  return Buffer.concat(Array.from(chunksOf(value)))
}

function* chunksOf(value: DocumentValue): Generator<Uint8Array> {
  if (typeof value === 'string') yield* [Buffer.from('S'), ...sized(value)]
  else if (typeof value === 'number') yield integerOf(value)
  else if (value instanceof Float) yield floatOf(value.value)
  else if (ArrayBuffer.isView(value)) yield* typedList(value)
  else if (isList(value)) {
    yield* [Buffer.from('[#'), lengthOf(value.length)]
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
  return [lengthOf(bytes.length), bytes]
}

function lengthOf(length: number): Uint8Array {
  const bytes = Buffer.alloc(9, 'L')
  bytes.writeBigInt64BE(BigInt(length), 1)
  return bytes
}

function typedList(numbers: TypedList): Uint8Array[] {
  const bytes = new Uint8Array(numbers.byteLength)
  const view = new DataView(bytes.buffer)
  const marker = pack(numbers, view)
  return [Buffer.from(`[$${marker}#`), lengthOf(numbers.length), bytes]
}

/** Writes the numbers, big-endian as a DataView does by default, and gives the marker of their type. */
function pack(numbers: TypedList, view: DataView): string {
  const { length, BYTES_PER_ELEMENT: size } = numbers
  if (numbers instanceof Uint8Array) {
    for (let i = 0; i < length; i++) view.setUint8(i, numbers[i])
    return 'U'
  }
  if (numbers instanceof Int32Array) {
    for (let i = 0; i < length; i++) view.setInt32(i * size, numbers[i])
    return 'l'
  }
  if (numbers instanceof BigInt64Array) {
    for (let i = 0; i < length; i++) view.setBigInt64(i * size, numbers[i])
    return 'L'
  }
  for (let i = 0; i < length; i++) view.setFloat32(i * size, numbers[i])
  return 'd'
}

function floatOf(value: number): Uint8Array {
  const bytes = Buffer.alloc(5, 'd')
  bytes.writeFloatBE(value, 1)
  return bytes
}

function integerOf(value: number): Uint8Array {
  const bits = [8, 16, 32].find((size) => BigInt.asIntN(size, BigInt(value)) === BigInt(value))
  if (bits === undefined) return lengthOf(value)
  const bytes = Buffer.alloc(1 + bits / 8, { 8: 'i', 16: 'I', 32: 'l' }[bits])
  bytes.writeIntBE(value, 1, bits / 8)
  return bytes
}

/** `Array.isArray` does not know read-only lists. */
function isList(value: object): value is readonly DocumentValue[] {
  return Array.isArray(value)
}
