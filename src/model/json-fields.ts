import { FdsError } from '../errors.ts'

/** A parsed JSON object. Fields are read as own properties only, so that names like `__proto__` mean nothing. */
export type JsonObject = Readonly<Record<string, unknown>>

/** The error for a model file that is not what it should be. */
export function invalidModel(reason: string): FdsError {
  return new FdsError('MODEL_FILE_INVALID', { reason })
}

export function fieldOf(object: JsonObject, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined
}

export function objectOf(value: unknown, what: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalidModel(`${what} must be an object, got ${kindOf(value)}`)
  }
  return value as JsonObject
}

export function listOf(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw invalidModel(`${what} must be a list, got ${kindOf(value)}`)
  return value
}

export function textOf(value: unknown, what: string): string {
  if (typeof value !== 'string') throw invalidModel(`${what} must be a text, got ${kindOf(value)}`)
  return value
}

export function textsOf(value: unknown, what: string): readonly string[] {
  return listOf(value, what).map((item, i) => textOf(item, `${what}[${i}]`))
}

/** A count that XGBoost writes as text ("12") or as a number. */
export function countOf(value: unknown, what: string): number {
  const count = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value
  if (typeof count !== 'number' || !Number.isSafeInteger(count) || count < 0) {
    throw invalidModel(`${what} must be a count, got ${JSON.stringify(value)?.slice(0, 40)}`)
  }
  return count
}

/** Exactly `length` integers from -1 to 2^31 - 1. */
export function integersOf(value: unknown, length: number, what: string): Int32Array {
  const list = listOfLength(value, length, what)
  const integers = new Int32Array(length)
  for (let i = 0; i < length; i++) {
    // older files spell flags as booleans
    const item = typeof list[i] === 'boolean' ? Number(list[i]) : list[i]
    if (typeof item !== 'number' || !Number.isInteger(item) || item < -1 || item > 2 ** 31 - 1) {
      throw invalidModel(`${what}[${i}] must be an integer from -1 up, got ${kindOf(item)} ${String(item)}`)
    }
    integers[i] = item
  }
  return integers
}

/** Exactly `length` numbers that are finite in float32. */
export function floatsOf(value: unknown, length: number, what: string): Float32Array {
  const list = listOfLength(value, length, what)
  const floats = new Float32Array(length)
  for (let i = 0; i < length; i++) {
    const item = list[i]
    if (typeof item !== 'number' || !Number.isFinite(Math.fround(item))) {
      throw invalidModel(`${what}[${i}] must be a finite float32, got ${kindOf(item)} ${String(item)}`)
    }
    floats[i] = item
  }
  return floats
}

function listOfLength(value: unknown, length: number, what: string): readonly unknown[] {
  const list = listOf(value, what)
  if (list.length !== length) throw invalidModel(`${what} must have ${length} items, got ${list.length}`)
  return list
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  return Array.isArray(value) ? 'a list' : typeof value
}
