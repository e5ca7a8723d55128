import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { FdsError } from '../../errors.ts'
import { decodeMessage, type Shape } from '../protocol/fields.ts'
import { reasonOf } from './retry.ts'

/** What an error names of a request. */
type Asked = { readonly method: string; readonly path: string }

/** An answer whose body has been read. */
export interface ReadAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

export async function textOf(body: Readable): Promise<string> {
  return new TextDecoder().decode(await buffer(body))
}

/** The message of an answer, whatever its content type. TRACKING_FAILED (INVALID_ANSWER) if it is none of MLflow's. */
export function messageOf(shape: Shape, request: Asked, { status, text }: ReadAnswer): unknown {
  try {
    const json = text.trim() === '' ? {} : parseTolerant(text)
    if (typeof json !== 'object' || json === null) throw new Error(`it starts with ${excerpt(text, 80)}`)
    return decodeMessage(shape, json as Record<string, unknown>)
  } catch (cause) {
    const { method, path } = request
    const message = `the answer is not MLflow's: ${reasonOf(cause)}`
    throw new FdsError(
      'TRACKING_FAILED',
      { method, path, status, errorCode: 'INVALID_ANSWER', message },
      { cause },
    )
  }
}

/** TRACKING_FAILED with MLflow's `{"error_code", "message"}`, or with the start of what a proxy answered. */
export function refusal(request: Asked, answer: ReadAnswer): FdsError<'TRACKING_FAILED'> {
  const { method, path } = request
  const { status, headers, text } = answer
  const json = parseTolerant(text)
  const record = typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : {}
  const errorCode = String(record['error_code'] ?? `HTTP_${status}`)
  const location = headers['location']
  const message =
    status >= 300 && status < 400 && location !== undefined
      ? `it redirects to ${withoutCredentials(location)}; make that the tracking URI`
      : String(record['message'] ?? excerpt(text, 200))
  return new FdsError('TRACKING_FAILED', { method, path, status, errorCode, message })
}

/** `http://host` from `http://user:secret@host`. */
export function withoutCredentials(uri: string): string {
  return uri.replace(/^(\w+:\/\/)[^/@]*@/, '$1')
}

/**
 * JSON in which the bare NaN and Infinity that MLflow's Python sometimes writes are read as texts; `undefined` for
 * what is no JSON.
 *
 * @example
 * parseTolerant('{"value": NaN}') // { value: 'NaN' }
 */
export function parseTolerant(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    const mended = text.replace(/"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g, (part) => {
      return part.startsWith('"') ? part : `"${part}"`
    })
    try {
      return JSON.parse(mended)
    } catch {
      return undefined
    }
  }
}

/** The start of a text on one line, without the tags of a page. */
function excerpt(text: string, length: number): string {
  const plain = text.replace(/<(style|script)[\s\S]*?<\/\1>|<[^>]*>/gi, ' ')
  return plain.replace(/\s+/g, ' ').trim().slice(0, length)
}
