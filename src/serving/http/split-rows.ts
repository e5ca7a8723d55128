import { FdsError } from '../../errors.ts'
import { kindOf } from '../models/parse-transaction.ts'
import { parseJson } from './parse-bodies.ts'

const [QUOTE, COMMA, BACKSLASH] = [0x22, 0x2c, 0x5c]
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d]

/**
 * The text of each element of a JSON array, as it was sent, found by its commas and brackets alone: whether an
 * element is JSON is for who parses it to say. REQUEST_INVALID for anything but an array. Cost O(length).
 *
 * @example
 * splitRows('[{"a":1}, {"a":[2,3]}]') // [ '{"a":1}', ' {"a":[2,3]}' ]
 */
export function splitRows(text: string): string[] {
  const end = text.trimEnd().length - 1
  const start = text.length - text.trimStart().length
  if (text.charCodeAt(start) !== OPEN_LIST || end <= start || text.charCodeAt(end) !== CLOSE_LIST)
    refuse(text)
  const inside = text.slice(start + 1, end)
  return inside.trim() === '' ? [] : splitAtCommas(inside)
}

/** The lines of NDJSON that are not blank. */
export function splitLines(text: string): string[] {
  return text.split('\n').filter((line) => line.trim() !== '')
}

function splitAtCommas(text: string): string[] {
  const rows: string[] = []
  let depth = 0
  let from = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === QUOTE) i = endOfString(text, i)
    else if (code === OPEN_OBJECT || code === OPEN_LIST) depth++
    else if (code === CLOSE_OBJECT || code === CLOSE_LIST) depth--
    else if (code === COMMA && depth === 0) {
      rows.push(text.slice(from, i))
      from = i + 1
    }
  }
  rows.push(text.slice(from))
  return rows
}

/** The place of the quote that ends the string which begins at `start`; the end of the text if there is none. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1)
  while (end > 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1)
  return end < 0 ? text.length : end
}

function isEscaped(text: string, place: number): boolean {
  let backslashes = 0
  while (text.charCodeAt(place - 1 - backslashes) === BACKSLASH) backslashes++
  return backslashes % 2 === 1
}

function refuse(text: string): never {
  const reason = `it must be an array of transactions, got ${kindOf(parseJson(text))}`
  throw new FdsError('REQUEST_INVALID', { reason })
}
