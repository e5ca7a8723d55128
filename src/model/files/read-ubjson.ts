import { type DocumentObject, invalidModel, objectOf, PARTS_MAX } from './document-fields.ts'
import { TEXT_BYTES_MAX } from './json-text.ts'
import { NUMBER_TYPES, type NumberType, readNumbers } from './ubjson-numbers.ts'

/** Objects and lists within each other; XGBoost's files need eight. */
const DEPTH_MAX = 64

/**
 * Reads a model file's UBJSON (draft 12, https://ubjson.org). A list of one number type arrives as a typed array,
 * 64-bit integers in it as bigint. A declared length is checked against the bytes that are left before anything is
 * allocated for it.
 *
 * Errors: `MODEL_FILE_INVALID` says what was wrong at which byte. Cost O(bytes).
 */
export function readUbjson(bytes: Uint8Array): DocumentObject {
  const reader = new Reader(bytes)
  const document = objectOf(reader.value(0), 'the file')
  reader.end()
  return document
}

/** Whether the bytes open an object and, as UBJSON does and JSON cannot, give the length of its first key. */
export function isUbjson(bytes: Uint8Array): boolean {
  return bytes[0] === 0x7b && bytes.length > 1 && 'iUIlL'.includes(String.fromCharCode(bytes[1]))
}

class Reader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  readonly #text = new TextDecoder('utf-8', { fatal: true })
  #at = 0
  #parts = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  end(): void {
    if (this.#at < this.#bytes.length) this.#fail('nothing may follow the object')
  }

  value(depth: number): unknown {
    if (depth > DEPTH_MAX) this.#fail(`objects and lists must nest at most ${DEPTH_MAX} deep`)
    if (this.#parts++ > PARTS_MAX) this.#fail(`a file must hold at most ${PARTS_MAX} untyped values`)
    const marker = this.#marker()
    const type = NUMBER_TYPES.get(marker)
    if (type !== undefined) return this.#number(type)
    switch (marker) {
      case '{':
        return this.#object(depth)
      case '[':
        return this.#list(depth)
      case 'S':
        return this.#string()
      case 'C':
        return this.#marker()
      case 'T':
        return true
      case 'F':
        return false
      case 'Z':
        return null
      default:
        return this.#fail(`a value must begin with a type of UBJSON, got ${JSON.stringify(marker)}`)
    }
  }

  #object(depth: number): DocumentObject {
    const members: [string, unknown][] = []
    while (!this.#skip('}')) members.push([this.#string(), this.value(depth + 1)])
    return Object.fromEntries(members)
  }

  #list(depth: number): unknown {
    if (this.#skip('$')) {
      const marker = this.#marker()
      if (!this.#skip('#')) this.#fail('a typed list must give its length')
      return this.#numbers(marker, this.#length())
    }
    const items: unknown[] = []
    if (this.#skip('#')) {
      // an item has at least one byte
      const length = this.#fitting(this.#length(), 1)
      while (items.length < length) items.push(this.value(depth + 1))
    } else while (!this.#skip(']')) items.push(this.value(depth + 1))
    return items
  }

  #numbers(marker: string, length: number): unknown {
    const type = NUMBER_TYPES.get(marker)
    if (type === undefined) {
      return this.#fail(`a typed list must be of numbers, got type ${JSON.stringify(marker)}`)
    }
    const at = this.#skipped(this.#fitting(length, type.size) * type.size)
    return readNumbers(type, this.#view, at, length)
  }

  #string(): string {
    const length = this.#length()
    if (length > TEXT_BYTES_MAX) this.#fail(`a text must be at most ${TEXT_BYTES_MAX} bytes, got ${length}`)
    const at = this.#skipped(length)
    const bytes = this.#bytes.subarray(at, at + length)
    try {
      return this.#text.decode(bytes)
    } catch {
      return this.#fail('a text must be UTF-8')
    }
  }

  #length(): number {
    const marker = this.#marker()
    const type = 'iUIlL'.includes(marker) ? NUMBER_TYPES.get(marker) : undefined
    const length = type === undefined ? Number.NaN : this.#number(type)
    if (!(length >= 0)) this.#fail(`a length must be a count, got ${marker}`)
    return length
  }

  #number(type: NumberType): number {
    return Number(type.read(this.#view, this.#skipped(type.size)))
  }

  /** The count, once so many items of this size can still follow. */
  #fitting(count: number, itemBytes: number): number {
    const left = this.#bytes.length - this.#at
    if (count * itemBytes > left) this.#fail(`${count} items must follow, but ${left} bytes are left`)
    return count
  }

  #marker(): string {
    return String.fromCharCode(this.#bytes[this.#skipped(1)])
  }

  #skip(marker: string): boolean {
    const isNext = this.#bytes[this.#at] === marker.charCodeAt(0)
    if (isNext) this.#at++
    return isNext
  }

  /** Goes on by this many bytes, which must be left, and gives the place where they begin. */
  #skipped(count: number): number {
    this.#at += this.#fitting(count, 1)
    return this.#at - count
  }

  #fail(reason: string): never {
    throw invalidModel(`it must be UBJSON: ${reason}, at byte ${this.#at}`)
  }
}
