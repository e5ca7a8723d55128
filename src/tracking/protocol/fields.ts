import { refuse } from './refusal.ts'

/**
 * How one value travels in MLflow's JSON: `decode` reads what came (a JSON value, or a text of a query string),
 * `encode` gives what goes out. A value that does not fit is refused as MLflow refuses it, naming the parameter.
 */
export interface Field<T> {
  /** Lists are never absent: no key on the wire is the empty list, and the other way round. */
  readonly list?: true
  /** The list is sent even when it is empty. */
  readonly kept?: true
  readonly required?: true
  /** A second spelling of the name, read when the first is absent and always sent beside it. */
  readonly alias?: string
  decode(value: unknown, name: string): T
  encode(value: T): unknown
}

export type Shape = Readonly<Record<string, Field<unknown>>>
export type ValueOf<F> = F extends Field<infer T> ? T : never

type PresentKey<S extends Shape> = {
  [K in keyof S]: S[K] extends { required: true } | { list: true } ? K : never
}[keyof S]

/** The TypeScript value of a shape: camelCase keys; optional fields may be absent. */
export type MessageOf<S extends Shape> = {
  readonly [K in PresentKey<S>]: ValueOf<S[K]>
} & {
  readonly [K in Exclude<keyof S, PresentKey<S>>]?: ValueOf<S[K]> | undefined
}

/** Any text that a database can keep: PostgreSQL takes no NUL, and UTF-8 has no half of a surrogate pair. */
export const text: Field<string> = {
  decode: (value, name) => {
    const isText = typeof value === 'string' && !value.includes('\0') && value.isWellFormed()
    return isText ? value : refuseValue(name, value)
  },
  encode: (value) => value,
}

/**
 * A 64-bit integer, sent as a number; numbers and numeric texts are read. Only integers that a double carries
 * exactly (up to 2^53 - 1) are taken: MLflow takes all 64 bits, JSON readers would round them.
 */
export const integer: Field<number> = {
  decode(value, name) {
    const number = typeof value === 'string' && /^\s*[+-]?\d+\s*$/.test(value) ? Number(value) : value
    return Number.isSafeInteger(number) ? (number as number) : refuseValue(name, value)
  },
  encode: (value) => value,
}

/** A double; NaN and the infinities travel as the texts "NaN", "Infinity" and "-Infinity". */
export const double: Field<number> = {
  decode(value, name) {
    const number = typeof value === 'string' ? parseDouble(value) : value
    return typeof number === 'number' ? number : refuseValue(name, value)
  },
  encode: (value) => (Number.isFinite(value) ? value : String(value)),
}

export const flag: Field<boolean> = {
  decode(value, name) {
    const given = typeof value === 'string' ? value.toLowerCase() : value
    if (given === true || given === 'true') return true
    return given === false || given === 'false' ? false : refuseValue(name, value)
  },
  encode: (value) => value,
}

/** One of the names; on the wire also its number, counted from 1 as in MLflow's protocol files. */
export function oneOf<const N extends readonly string[]>(names: N): Field<N[number]> {
  return {
    decode(value, name) {
      const number = /^\d+$/.test(String(value)) ? Number(value) : 0
      const found = names[number - 1] ?? names.find((known) => known === value)
      return found ?? refuseValue(name, value)
    },
    encode: (value) => value,
  }
}

export function listOf<T>(item: Field<T>): Field<readonly T[]> & { list: true } {
  return {
    list: true,
    decode(value, name) {
      if (!Array.isArray(value)) return refuseValue(name, value)
      return value.map((entry, index) => item.decode(entry, `${name}[${index}]`))
    },
    encode: (value) => value.map((entry) => item.encode(entry)),
  }
}

/** A list that a web page reads without asking whether it is there. */
export function keptListOf<T>(item: Field<T>): Field<readonly T[]> & { list: true } {
  return { ...listOf(item), kept: true }
}

export function message<S extends Shape>(shape: S): Field<MessageOf<S>> {
  return {
    decode: (value, name) =>
      decodeMessage(shape, isRecord(value) ? value : refuseValue(name, value), `${name}.`),
    encode: (value) => encodeMessage(shape, value),
  }
}

/** The field must be there and not empty. */
export function required<T>(field: Field<T>, alias?: string): Field<T> & { required: true } {
  return { ...field, required: true, ...(alias === undefined ? {} : { alias }) }
}

/** Reads a message; keys that the shape does not name are ignored, as MLflow ignores them. */
export function decodeMessage<S extends Shape>(
  shape: S,
  json: Readonly<Record<string, unknown>>,
  prefix = '',
): MessageOf<S> {
  const message: Record<string, unknown> = {}
  for (const { key, wire, field } of compiled(shape)) {
    const value = own(json, wire) ?? (field.alias === undefined ? undefined : own(json, field.alias))
    const isEmpty = value === undefined || value === null || (field.required && value === '')
    if (!isEmpty) message[key] = field.decode(value, prefix + wire)
    else if (field.required) refuseMissing(prefix + wire)
    else if (field.list) message[key] = []
  }
  return message as MessageOf<S>
}

/** Writes a message: snake_case keys, nothing for `undefined` and for empty lists. */
export function encodeMessage<S extends Shape>(shape: S, value: MessageOf<S>): Record<string, unknown> {
  const out: Record<string, unknown> = {}
  for (const { key, wire, field } of compiled(shape)) {
    const given = (value as Readonly<Record<string, unknown>>)[key]
    if (given === undefined || isLeftOut(field, given)) continue
    out[wire] = field.encode(given)
    if (field.alias !== undefined) out[field.alias] = out[wire]
  }
  return out
}

function isLeftOut(field: Field<unknown>, given: unknown): boolean {
  return field.list === true && !field.kept && (given as readonly unknown[]).length === 0
}

/** `lastUpdateTime` → `last_update_time`. */
export function wireName(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

interface CompiledField {
  readonly key: string
  readonly wire: string
  readonly field: Field<unknown>
}

const compiledShapes = new WeakMap<Shape, readonly CompiledField[]>()

/** The fields of a shape with their wire names, worked out once: batches hold thousands of messages. */
function compiled(shape: Shape): readonly CompiledField[] {
  const known = compiledShapes.get(shape)
  if (known) return known
  const fields = Object.entries(shape).map(([key, field]) => ({ key, wire: wireName(key), field }))
  compiledShapes.set(shape, fields)
  return fields
}

function own(json: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(json, key) ? json[key] : undefined
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function parseDouble(value: string): number | undefined {
  const trimmed = value.trim()
  if (/^[+-]?(nan|inf|infinity)$/i.test(trimmed)) return parseSpecial(trimmed.toLowerCase())
  const number = Number(trimmed)
  return trimmed === '' || Number.isNaN(number) ? undefined : number
}

function parseSpecial(value: string): number {
  if (value.endsWith('nan')) return Number.NaN
  return value.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
}

function refuseMissing(name: string): never {
  return refuse('INVALID_PARAMETER_VALUE', `Missing value for required parameter '${name}'.${SEE_DOCS}`)
}

/** MLflow's words, two spaces and all: `Invalid value 31 for parameter 'run_id' supplied:  Hint: …` */
function refuseValue(name: string, value: unknown): never {
  const shown = shorten(printed(value))
  const hint = `Invalid value ${shown} for parameter '${name}' supplied:  Hint: Value was of type '${pythonType(value)}'.`
  return refuse('INVALID_PARAMETER_VALUE', hint + SEE_DOCS)
}

const SEE_DOCS = ' See the API docs for more information about request parameters.'

function printed(value: unknown): string {
  try {
    return JSON.stringify(value)
  } catch {
    // nested deeper than the stack
    return '…'
  }
}

function shorten(shown: string): string {
  return shown.length > 200 ? `${shown.slice(0, 200)}…` : shown
}

function pythonType(value: unknown): string {
  if (value === null) return 'NoneType'
  if (Array.isArray(value)) return 'list'
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float'
  return { string: 'str', boolean: 'bool' }[typeof value as string] ?? 'dict'
}
