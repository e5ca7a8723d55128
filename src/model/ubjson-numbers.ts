import type { NumberArray } from './document-fields.ts'

/** UBJSON's number types by their marker (draft 12, https://ubjson.org/type-reference/value-types/). */
const ARRAYS = {
  i: Int8Array,
  U: Uint8Array,
  I: Int16Array,
  l: Int32Array,
  L: BigInt64Array,
  d: Float32Array,
  D: Float64Array,
} as const

/** Bytes of one number of this type; undefined for a marker of no number. */
export function bytesOfNumber(marker: string): number | undefined {
  return Object.hasOwn(ARRAYS, marker) ? ARRAYS[marker as keyof typeof ARRAYS].BYTES_PER_ELEMENT : undefined
}

/** The numbers in these big-endian bytes, whose count is a multiple of the type's size. Copies. Cost O(bytes). */
export function readNumbers(marker: string, bytes: Uint8Array): NumberArray {
  const NumberArray = ARRAYS[marker as keyof typeof ARRAYS]
  return new NumberArray(turned(bytes, NumberArray.BYTES_PER_ELEMENT).buffer)
}

/** The marker and the big-endian bytes of an array. Copies. Cost O(bytes). */
export function writeNumbers(numbers: NumberArray): { marker: string; bytes: Uint8Array } {
  const [marker] = Object.entries(ARRAYS).find(([, NumberArray]) => numbers instanceof NumberArray) ?? ['']
  const bytes = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength)
  return { marker, bytes: turned(bytes, numbers.BYTES_PER_ELEMENT) }
}

const IS_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1

/** A copy with the bytes of each number in the other order, where this machine's order is not UBJSON's. */
function turned(bytes: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(bytes)
  const buffer = Buffer.from(copy.buffer)
  if (IS_LITTLE_ENDIAN && size === 2) buffer.swap16()
  if (IS_LITTLE_ENDIAN && size === 4) buffer.swap32()
  if (IS_LITTLE_ENDIAN && size === 8) buffer.swap64()
  return copy
}
