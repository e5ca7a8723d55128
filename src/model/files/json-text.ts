import { type DocumentObject, invalidModel, objectOf, PARTS_MAX } from './document-fields.ts'
import { type DocumentValue, Float } from './document-value.ts'
import { floatsText, floatText } from './float-text.ts'

/** A text longer than this does not fit a JavaScript string. */
export const TEXT_BYTES_MAX = 2 ** 29 - 2 ** 10

/**
 * Reads a model file's JSON text. XGBoost before 3.1 writes a bare `NaN` where a number means nothing, which JSON
 * does not have; it arrives as null.
 *
 * Errors: `MODEL_FILE_INVALID` for what is no JSON or longer than a string can be. Cost O(bytes), whatever the depth.
 */
export function readJson(bytes: Uint8Array): DocumentObject {
  if (bytes.length > TEXT_BYTES_MAX) {
    throw invalidModel(
      `a JSON file must be at most ${TEXT_BYTES_MAX} bytes, got ${bytes.length}; save the model as UBJSON`,
    )
  }
  if (openings(bytes) > PARTS_MAX)
    throw invalidModel(`a file must hold at most ${PARTS_MAX} objects and lists`)
  return objectOf(parse(bytes), 'the file')
}

/** Writes a document as JSON, floats as XGBoost spells them. Cost O(bytes). */
export function writeJson(value: DocumentValue): Uint8Array {
  return Buffer.concat(Array.from(textsOf(value), (text) => Buffer.from(text)))
}

/** How many brackets and braces open; those in texts count too, which no model has so many of. */
function openings(bytes: Uint8Array): number {
  let count = 0
  // "[" is 5b and "{" is 7b
  for (let i = 0; i < bytes.length; i++) if ((bytes[i] & 0xdf) === 0x5b) count++
  return count
}

function parse(bytes: Uint8Array): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return JSON.parse(text.includes('NaN') ? withoutNaN(text) : text)
  } catch (error) {
    throw invalidModel(`it must be JSON: ${(error as Error).message.slice(0, 200)}`)
  }
}

/** The text with null for each NaN that stands outside of quotes. */
function withoutNaN(text: string): string {
  const parts: string[] = []
  for (let at = 0; at < text.length; ) {
    const open = placeOf(text, '"', at)
    const close = endOfQuoted(text, open)
    parts.push(text.slice(at, open).replaceAll('NaN', 'null'), text.slice(open, close))
    at = close
  }
  return parts.join('')
}

/** The place behind the quote that ends what begins at `open`; a quote behind an odd run of backslashes is none. */
function endOfQuoted(text: string, open: number): number {
  for (let quote = placeOf(text, '"', open + 1); quote < text.length; quote = placeOf(text, '"', quote + 1)) {
    let before = quote
    while (text[before - 1] === '\\') before--
    if ((quote - before) % 2 === 0) return quote + 1
  }
  return text.length
}

function placeOf(text: string, sign: string, from: number): number {
  const place = text.indexOf(sign, from)
  return place < 0 ? text.length : place
}

function* textsOf(value: DocumentValue): Generator<string> {
  if (typeof value === 'string' || typeof value === 'number') yield JSON.stringify(value)
  else if (value instanceof Float) yield floatText(value.value)
  else if (value instanceof Float32Array) yield floatsText(value)
  else if (ArrayBuffer.isView(value)) yield `[${value.join(',')}]`
  else if (Array.isArray(value)) yield* enclosed('[', value.map(textsOf), ']')
  else yield* enclosed('{', Object.entries(value).map(memberOf), '}')
}

function* memberOf([name, value]: [string, DocumentValue]): Generator<string> {
  yield `${JSON.stringify(name)}:`
  yield* textsOf(value)
}

function* enclosed(open: string, items: readonly Iterable<string>[], close: string): Generator<string> {
  yield open
  for (const [i, item] of items.entries()) {
    if (i > 0) yield ','
    yield* item
  }
  yield close
}
