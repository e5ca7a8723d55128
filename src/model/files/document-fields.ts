import { FdsError } from '../../errors.ts'

/** An object of a model file. Fields are read as own properties only, so that names like `__proto__` mean nothing. */
export type DocumentObject = Readonly<Record<string, unknown>>

/** Numbers as UBJSON gives them where an array has one type. */
export type NumberArray =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Float32Array
  | Float64Array

/** A list from JSON or UBJSON, be its items typed or not. */
export type List = readonly unknown[] | NumberArray

/** Objects, lists and untyped values that a file may hold, lest brackets fill the memory; a tree takes about 25. */
export const PARTS_MAX = 10_000_000

/** The error for a model file that is not what it should be. */
export function invalidModel(reason: string): FdsError {
  return new FdsError('MODEL_FILE_INVALID', { reason })
}

export function fieldOf(object: DocumentObject, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined
}

export function objectOf(value: unknown, what: string): DocumentObject {
  if (typeof value !== 'object' || value === null || isList(value)) {
    throw invalidModel(`${what} must be an object, got ${shown(value)}`)
  }
  return value as DocumentObject
}

export function listOf(value: unknown, what: string): List {
  if (!isList(value)) throw invalidModel(`${what} must be a list, got ${shown(value)}`)
  return value
}

export function textOf(value: unknown, what: string): string {
  if (typeof value !== 'string') throw invalidModel(`${what} must be a text, got ${shown(value)}`)
  return value
}

export function textsOf(value: unknown, what: string): readonly string[] {
  return Array.from(listOf(value, what), (item, i) => textOf(item, `${what}[${i}]`))
}

/** A count that XGBoost writes as text ("12") or as a number. */
export function countOf(value: unknown, what: string): number {
  const count = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value
  if (typeof count !== 'number' || !Number.isSafeInteger(count) || count < 0) {
    throw invalidModel(`${what} must be a count, got ${shown(value)}`)
  }
  return count
}

/** Integers from -1 to 2^31 - 1. */
export function integersOf(value: unknown, what: string): Int32Array {
  const list = listOf(value, what)
  if (list instanceof Int32Array && list.every((item) => item >= -1)) return list
  const integers = new Int32Array(list.length)
  for (let i = 0; i < list.length; i++) {
    const item = numberOf(list[i])
    if (!Number.isInteger(item) || item < -1 || item > 2 ** 31 - 1) {
      throw invalidModel(`${what}[${i}] must be an integer from -1 up, got ${shown(list[i])}`)
    }
    integers[i] = item
  }
  return integers
}

/** Numbers as float32; NaN for what is no number, which XGBoost writes where a number means nothing. */
export function floatsOf(value: unknown, what: string): Float32Array {
  const list = listOf(value, what)
  if (list instanceof Float32Array) return list
  const floats = new Float32Array(list.length)
  for (let i = 0; i < list.length; i++) floats[i] = numberOf(list[i])
  return floats
}

/** Numbers that are finite in float32. */
export function finiteFloatsOf(value: unknown, what: string): Float32Array {
  const floats = floatsOf(value, what)
  const wrong = floats.findIndex((item) => !Number.isFinite(item))
  if (wrong < 0) return floats
  throw invalidModel(`${what}[${wrong}] must be a finite float32, got ${shown(listOf(value, what)[wrong])}`)
}

/** The list that was read, once it has this many items. */
export function ofLength<L extends List>(list: L, length: number, what: string): L {
  if (list.length !== length) throw invalidModel(`${what} must have ${length} items, got ${list.length}`)
  return list
}

/** A value in a few words, whatever its size and depth. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (isList(value)) return `a list of ${value.length}`
  if (typeof value === 'object' && value !== null) return 'an object'
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 40)) : String(value)
}

function isList(value: unknown): value is List {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView))
}

/** NaN for what is neither a number nor a flag, which older files spell as a boolean. */
function numberOf(item: unknown): number {
  return typeof item === 'number'
    ? item
    : typeof item === 'bigint' || typeof item === 'boolean'
      ? Number(item)
      : Number.NaN
}
