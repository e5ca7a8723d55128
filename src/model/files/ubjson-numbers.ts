import type { NumberArray } from './document-fields.ts'

/** One of UBJSON's number types. */
export interface NumberType {
  /** Bytes of one number. */
  readonly size: number
  readonly create: (length: number) => NumberArray
  readonly read: (view: DataView, at: number) => number | bigint
}

/**
 * UBJSON's number types by their marker (draft 12, https://ubjson.org/type-reference/value-types/). All are big-endian,
 * which is what a DataView reads by default.
 */
export const NUMBER_TYPES: ReadonlyMap<string, NumberType> = new Map([
  ['i', typeOf(Int8Array, (view, at) => view.getInt8(at))],
  ['U', typeOf(Uint8Array, (view, at) => view.getUint8(at))],
  ['I', typeOf(Int16Array, (view, at) => view.getInt16(at))],
  ['l', typeOf(Int32Array, (view, at) => view.getInt32(at))],
  ['L', typeOf(BigInt64Array, (view, at) => view.getBigInt64(at))],
  ['d', typeOf(Float32Array, (view, at) => view.getFloat32(at))],
  ['D', typeOf(Float64Array, (view, at) => view.getFloat64(at))],
])

/** Numbers of this type from the place on. Cost O(length). */
export function readNumbers(type: NumberType, view: DataView, at: number, length: number): NumberArray {
  const { size, create, read } = type
  const numbers = create(length)
  for (let i = 0; i < length; i++) numbers[i] = read(view, at + i * size)
  return numbers
}

function typeOf(
  Numbers: { readonly BYTES_PER_ELEMENT: number; new (length: number): NumberArray },
  read: NumberType['read'],
): NumberType {
  return { size: Numbers.BYTES_PER_ELEMENT, create: (length) => new Numbers(length), read }
}
