import type { FastifyRequest } from 'fastify'
import { type Shape, wireName } from '../protocol/fields.ts'
import { refuse } from '../protocol/refusal.ts'

/**
 * What came in the query of a GET, or in the JSON body of the others, with the values in the path. The body is
 * refused where it is no JSON object in UTF-8: MLflow takes broken JSON for an empty object.
 */
export function readRequest(request: FastifyRequest, shape: Shape): Record<string, unknown> {
  const { '*': tagKey, ...named } = request.params as Record<string, string>
  const inPath = { ...named, ...(tagKey === undefined ? {} : { tag_key: tagKey }) }
  // MLflow's client sends neither body nor type where the path says all
  if (request.method !== 'GET' && Object.keys(shape).every((key) => wireName(key) in inPath)) return inPath
  return { ...(request.method === 'GET' ? queryOf(request, shape) : bodyOf(request)), ...inPath }
}

/** A key given several times is a list; a list's key given once is a list of one. Of other keys the first counts. */
function queryOf(request: FastifyRequest, shape: Shape): Record<string, unknown> {
  const lists = new Set(Object.entries(shape).flatMap(([key, field]) => (field.list ? [wireName(key)] : [])))
  const entries = Object.entries(request.query as Record<string, string | string[]>).map(([key, value]) => {
    const values = Array.isArray(value) ? value : [value]
    return [key, lists.has(key) ? values : values[0]]
  })
  return Object.fromEntries(entries)
}

function bodyOf(request: FastifyRequest): Record<string, unknown> {
  // MLflow's client deletes the tag of a logged model by its path alone
  const isBare = request.method === 'DELETE' && request.body === undefined
  if (!isBare) checkContentType(request.headers['content-type'])
  const body = decodeText((request.body as Buffer | null | undefined) ?? new Uint8Array())
  const parsed = body.trim() === '' ? {} : parseJson(body)
  // old clients send the JSON as a JSON text
  const value = typeof parsed === 'string' ? parseJson(parsed) : parsed
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>
  return refuse('BAD_REQUEST', 'Bad Request. The body must be a JSON object')
}

function checkContentType(contentType: string | undefined): void {
  if (contentType === undefined)
    refuse('INVALID_PARAMETER_VALUE', 'Bad Request. Content-Type header is missing.')
  if (contentType.split(';')[0]!.trim().toLowerCase() !== 'application/json') {
    refuse('INVALID_PARAMETER_VALUE', "Bad Request. Content-Type must be one of ['application/json'].")
  }
}

const UTF8 = new TextDecoder('utf-8', { fatal: true })

function decodeText(body: Uint8Array): string {
  try {
    return UTF8.decode(body)
  } catch {
    return refuse('BAD_REQUEST', 'Bad Request. The body is not UTF-8')
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    return refuse('BAD_REQUEST', `Bad Request. The body is not JSON: ${(error as Error).message}`)
  }
}
