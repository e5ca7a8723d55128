import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { FdsError } from '../../errors.ts'
import { faultOf, type Logger } from '../../log.ts'

/** The body of every answer that is not a success. */
export interface ErrorBody {
  readonly error: {
    readonly code: string
    readonly message: string
    readonly details: unknown
    readonly request_id: string
  }
}

const MAX_TEXT = 300
const MAX_ITEMS = 20
/** Of a connection that was answered because it spoke no HTTP. */
const FAREWELL_MS = 1000

/**
 * The one handler: a deliberate error becomes its status, a complaint of Fastify about the request becomes
 * one of our codes, and anything else is a fault of ours, logged with the request's id and answered as 500
 * `INTERNAL` without a word about the inside.
 */
export function handleErrors(app: FastifyInstance, logger: Logger): void {
  app.setErrorHandler((error, request, reply) => sendError({ error, request, reply, logger }))
  app.setNotFoundHandler((request) => {
    throw new FdsError('ROUTE_NOT_FOUND', { method: request.method, path: pathOf(request) })
  })
}

export interface FailedRequest {
  readonly error: unknown
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly logger: Logger
}

/** Answers with the error's status and shape. */
export function sendError({ error, request, reply, logger }: FailedRequest): FastifyReply {
  const known = error instanceof FdsError ? error : (translate(error, request) ?? error)
  const from = { requestId: request.id, endpoint: request.routeOptions.url, logger }
  const { status, headers, body } = errorAnswer(known, from)
  return reply.code(status).headers(headers).send(body)
}

/** What is told where it begins, since every request would repeat it. */
const TOLD_ONCE = new Set<string>(['OVERLOADED', 'MODEL_FAILED'])

export interface ErrorAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: ErrorBody
}

/** The answer to a request that failed, whichever way it came in; what is our fault goes to the log. */
export function errorAnswer(
  error: unknown,
  from: { readonly requestId: string; readonly endpoint: string | undefined; readonly logger: Logger },
): ErrorAnswer {
  const { requestId, endpoint, logger } = from
  const line = { request_id: requestId, endpoint }
  if (!(error instanceof FdsError)) {
    logger.error({ fault: faultOf(error), ...line }, 'request failed')
    const body = bodyOf('INTERNAL', 'The server failed; its log has this request id', {}, requestId)
    return { status: 500, headers: {}, body }
  }
  const { status, code, message, details } = error
  if (status >= 500 && !TOLD_ONCE.has(code))
    logger[code === 'STORAGE_FAILED' ? 'error' : 'warn']({ code, ...line }, message)
  return { status, headers: errorHeaders(error), body: bodyOf(code, message, details, requestId) }
}

/** Answers bytes that are not HTTP, which never become a request. */
export function refuseBrokenHttp(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const status =
    error.code === 'HPE_HEADER_OVERFLOW' ? 431 : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400
  const body = JSON.stringify(bodyOf('REQUEST_INVALID', 'The request is not valid HTTP', {}, ''))
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nconnection: close\r\ncontent-type: application/json\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
  // time to read the answer; who does not close its side then would hold the connection for good
  setTimeout(() => socket.destroy(), FAREWELL_MS).unref()
}

/** The path without its query, which may carry personal data. */
export function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0]!
}

function translate(error: unknown, request: FastifyRequest): FdsError | undefined {
  const { code, statusCode, message } = error as { code?: string; statusCode?: number; message: string }
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    return new FdsError('REQUEST_TOO_LARGE', { limitBytes: request.routeOptions.bodyLimit ?? 0 })
  }
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    const expected = request.routeOptions.config.contentTypes ?? ['application/json']
    return new FdsError('CONTENT_TYPE_UNSUPPORTED', {
      expected,
      got: request.headers['content-type'] ?? 'none',
    })
  }
  if (statusCode === undefined || statusCode < 400 || statusCode >= 500) return undefined
  return new FdsError('REQUEST_INVALID', { reason: message })
}

/** Seconds. */
function retryAfter(error: FdsError): number {
  return error.code === 'RATE_LIMITED' ? (error as FdsError<'RATE_LIMITED'>).details.retryAfterSeconds : 1
}

function errorHeaders(error: FdsError): Record<string, string> {
  if (error.status === 503 || error.status === 429) return { 'retry-after': String(retryAfter(error)) }
  if (error.code !== 'METHOD_NOT_ALLOWED') return {}
  return { allow: (error as FdsError<'METHOD_NOT_ALLOWED'>).details.allowed.join(', ') }
}

function bodyOf(code: string, message: string, details: unknown, requestId: string): ErrorBody {
  return {
    error: { code, message: clipText(message, 3 * MAX_TEXT), details: clip(details), request_id: requestId },
  }
}

/** Details may quote what the caller sent; an answer never grows with it. */
function clip(value: unknown): unknown {
  if (typeof value === 'string') return clipText(value, MAX_TEXT)
  if (Array.isArray(value)) return value.slice(0, MAX_ITEMS).map(clip)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, clip(inner)]))
}

function clipText(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text
}
