import { FdsError } from '../../errors.ts'
import type { Endpoint } from '../protocol/endpoint.ts'
import {
  API_PREFIXES,
  ARTIFACTS_PATH,
  type CallRequest,
  type CallResponse,
  ENDPOINTS,
  type EndpointName,
  folderListing,
} from '../protocol/endpoints.ts'
import { decodeMessage, encodeMessage, type MessageOf, type Shape } from '../protocol/fields.ts'
import type { FileInfoMessage } from '../protocol/messages.ts'
import {
  createHttpTransport,
  type Transport,
  type TransportRequest,
  type TransportResponse,
} from './transport.ts'

export interface ConnectionOptions {
  /** `http://host:port`, also the name of the server in messages when `transport` carries the requests. */
  readonly uri: string
  /** Default: `fetch` to `uri`. An embedded server gives its own (`TrackingServer.transport`). */
  readonly transport?: Transport
  /** Milliseconds since 1970: the time of what is logged, and the measure of the deadline. */
  readonly now: () => number
  /** Sent as `X-API-Key`, which the embedded server asks for where the caller set a key. */
  readonly apiKey?: string
  /** Sent as `Authorization: Bearer`. */
  readonly token?: string
  /** Sent as `Authorization: Basic`. */
  readonly basic?: { readonly username: string; readonly password: string }
  /** A call with all its repetitions gives up after so long. Default 120 000, as MLflow's client. */
  readonly deadlineMs?: number
  /** Waits between repetitions; default a timer. */
  readonly sleep?: (milliseconds: number) => Promise<void>
  /** Breaks off every call in flight and refuses later ones, with its reason. */
  readonly signal?: AbortSignal
}

/**
 * Sends calls of the protocol and reads their answers. Statuses 408, 429, 500, 502, 503, 504 are
 * tried again up to seven times, broken connections three times (waiting 0.25 s, then double, with jitter), where a
 * repetition is harmless; calls that make or remove something only after 429 and 503, which say that nothing was done.
 */
export class TrackingConnection {
  readonly uri: string
  readonly now: () => number
  readonly #transport: Transport
  readonly #headers: Readonly<Record<string, string>>
  readonly #deadlineMs: number
  readonly #sleep: (milliseconds: number) => Promise<void>
  readonly #signal: AbortSignal | undefined

  constructor(options: ConnectionOptions) {
    this.uri = options.uri
    this.now = options.now
    this.#transport = options.transport ?? createHttpTransport(options.uri)
    this.#headers = credentials(options)
    this.#deadlineMs = options.deadlineMs ?? 120_000
    this.#sleep = options.sleep ?? ((milliseconds) => new Promise((wake) => setTimeout(wake, milliseconds)))
    this.#signal = options.signal
  }

  async call<N extends EndpointName>(name: N, request: CallRequest<N>): Promise<CallResponse<N>> {
    const endpoint: Endpoint = ENDPOINTS[name]
    const sent = requestFor(endpoint, encodeMessage(endpoint.request, request))
    const response = await this.send(sent, endpoint.effect !== 'once')
    return readAnswer(endpoint.response, sent, response) as CallResponse<N>
  }

  /** What lies directly below a path of the server's artifact root. */
  async listFolder(path: string): Promise<readonly FileInfoMessage[]> {
    const query = new URLSearchParams({ path }).toString()
    const sent = { method: 'GET', path: API_PREFIXES[0] + ARTIFACTS_PATH, query, headers: {} }
    const answer = readAnswer(folderListing, sent, await this.send(sent, true))
    return (answer as MessageOf<typeof folderListing>).files
  }

  /** One exchange with repetitions. TRACKING_FAILED for a refusal, TRACKING_UNREACHABLE for no answer. */
  async send(request: TransportRequest, repeatable: boolean): Promise<TransportResponse> {
    const deadline = this.now() + this.#deadlineMs
    for (let attempt = 0; ; attempt++) {
      this.#signal?.throwIfAborted()
      const outcome = await this.#attempt(request, deadline)
      this.#signal?.throwIfAborted()
      if ('status' in outcome && outcome.status < 300) return outcome
      const wait = FIRST_WAIT_MS * 2 ** attempt * (0.5 + jitter(this.now()))
      const isLeft = attempt < retriesAfter(outcome) && this.now() + wait < deadline
      const again = isLeft && mayRepeat(outcome, repeatable)
      if (!again) throw failure(this.uri, request, outcome)
      await this.#sleep(wait)
    }
  }

  async #attempt(request: TransportRequest, deadline: number): Promise<TransportResponse | Unanswered> {
    const late = AbortSignal.timeout(Math.max(1, Math.ceil(deadline - this.now())))
    const signal = this.#signal ? AbortSignal.any([late, this.#signal]) : late
    const headers = { ...this.#headers, ...request.headers }
    try {
      return await this.#transport({ ...request, headers, signal })
    } catch (cause) {
      return { cause }
    }
  }
}

interface Unanswered {
  readonly cause: unknown
}

const FIRST_WAIT_MS = 250
const RETRIED = new Set([408, 429, 500, 502, 503, 504])
const REFUSED_UNDONE = new Set([429, 503])

/** A share in [0, 1) that differs from call to call without a source of chance: the clock times the golden ratio. */
function jitter(now: number): number {
  return (now * 0.618033988749895) % 1
}

/** A server that answers is waited for longer than one that is not there, which is mostly a wrong address. */
function retriesAfter(outcome: TransportResponse | Unanswered): number {
  return 'status' in outcome ? 7 : 3
}

function mayRepeat(outcome: TransportResponse | Unanswered, repeatable: boolean): boolean {
  if (!('status' in outcome)) return repeatable || neverSent(outcome.cause)
  return (repeatable ? RETRIED : REFUSED_UNDONE).has(outcome.status)
}

/** The connection was refused or the name did not resolve, so the server saw nothing. */
function neverSent(cause: unknown): boolean {
  return /ECONNREFUSED|ENOTFOUND|EAI_AGAIN/.test(reasonOf(cause))
}

function failure(uri: string, request: TransportRequest, outcome: TransportResponse | Unanswered): FdsError {
  if (!('status' in outcome)) {
    return new FdsError(
      'TRACKING_UNREACHABLE',
      { uri, reason: reasonOf(outcome.cause) },
      { cause: outcome.cause },
    )
  }
  const { method, path } = request
  return new FdsError('TRACKING_FAILED', { method, path, status: outcome.status, ...refusalOf(outcome) })
}

/** MLflow's `{"error_code", "message"}`; the start of the text where something else answered, such as a proxy. */
function refusalOf(response: TransportResponse): { errorCode: string; message: string } {
  const text = new TextDecoder().decode(response.body)
  const json = parseTolerant(text)
  const record = typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : {}
  const errorCode = String(record['error_code'] ?? `HTTP_${response.status}`)
  return { errorCode, message: String(record['message'] ?? text.slice(0, 200)) }
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  if (cause instanceof AggregateError && cause.errors.length > 0) return reasonOf(cause.errors[0])
  return cause.cause === undefined ? cause.message : reasonOf(cause.cause)
}

function requestFor(endpoint: Endpoint, message: Record<string, unknown>): TransportRequest {
  const method = endpoint.methods[0]
  const path = `${API_PREFIXES[0]}${endpoint.path.replace(/\{(\w+)\}/g, (_, key: string) => {
    return encodeURIComponent(String(message[key]))
  })}`
  if (method === 'GET') return { method, path, query: queryOf(message), headers: {} }
  return { method, path, headers: { 'content-type': 'application/json' }, body: JSON.stringify(message) }
}

function queryOf(message: Record<string, unknown>): string {
  const pairs = Object.entries(message).flatMap(([key, value]): [string, string][] => {
    return Array.isArray(value) ? value.map((item) => [key, String(item)]) : [[key, String(value)]]
  })
  return new URLSearchParams(pairs).toString()
}

function readAnswer(shape: Shape, request: TransportRequest, response: TransportResponse): unknown {
  const json = parseTolerant(new TextDecoder().decode(response.body))
  try {
    return decodeMessage(shape, json as Record<string, unknown>)
  } catch (cause) {
    const { method, path } = request
    const message = `the answer is not MLflow's: ${reasonOf(cause)}`
    const details = { method, path, status: response.status, errorCode: 'INVALID_ANSWER', message }
    throw new FdsError('TRACKING_FAILED', details, { cause })
  }
}

/** JSON in which the bare NaN and Infinity that MLflow's Python sometimes writes are read as texts. */
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

function credentials({ apiKey, token, basic }: ConnectionOptions): Record<string, string> {
  const headers: Record<string, string> = { 'user-agent': 'fds-system' }
  if (apiKey !== undefined) headers['x-api-key'] = apiKey
  if (basic)
    headers['authorization'] =
      `Basic ${Buffer.from(`${basic.username}:${basic.password}`).toString('base64')}`
  if (token !== undefined) headers['authorization'] = `Bearer ${token}`
  return headers
}
