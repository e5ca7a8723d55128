import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { FdsError } from '../../errors.ts'
import type { Endpoint } from '../protocol/endpoint.ts'
import {
  type CallRequest,
  type CallResponse,
  ENDPOINTS,
  type EndpointName,
  pathsOf,
} from '../protocol/endpoints.ts'
import { encodeMessage } from '../protocol/fields.ts'
import { messageOf, type ReadAnswer, refusal, textOf, withoutCredentials } from './read-answer.ts'
import { isAnswer, mayRepeat, type Outcome, type RetryOptions, reasonOf, waitMs } from './retry.ts'
import { createHttpTransport, type TlsOptions, type Transport, type TransportRequest } from './transport.ts'

export interface ConnectionOptions extends RetryOptions {
  /**
   * `http://host:port`, also the name of the server in messages when `transport` carries the requests. A user and a
   * password in it count as `basic`.
   */
  readonly uri: string
  /** Default: sockets to `uri`. An embedded server gives its own (`TrackingServer.transport`). */
  readonly transport?: Transport
  /** Milliseconds since 1970: the time of what is logged, and the measure of the deadline. */
  readonly now: () => number
  /** Sent as `X-API-Key`, which the embedded server asks for where the caller set a key. */
  readonly apiKey?: string
  /** Sent as `Authorization: Bearer`. */
  readonly token?: string
  /** Sent as `Authorization: Basic`, unless there is a token. */
  readonly basic?: { readonly username: string; readonly password: string }
  readonly tls?: TlsOptions
  /** How long a connection may be silent. Default 120 000, as MLflow's client (MLFLOW_HTTP_REQUEST_TIMEOUT). */
  readonly silenceMs?: number
  /** A call with all its repetitions gives up after so long; a transfer of a file may outlast it. Default 300 000. */
  readonly deadlineMs?: number
  /** Waits between repetitions; default a timer. */
  readonly sleep?: (milliseconds: number) => Promise<void>
  /** Breaks off every call in flight and refuses later ones, with its reason. */
  readonly signal?: AbortSignal
}

/** A request whose body, if it is a stream, can be opened again for each try. */
export interface Sending extends Omit<TransportRequest, 'body' | 'signal'> {
  readonly body?: string | Uint8Array | (() => Readable)
}

/**
 * Sends calls of the protocol and reads their answers. What may be repeated without harm (`mayRepeat`) is tried again
 * as MLflow's client does it (`RetryOptions`), within the deadline; a server that has never answered, which is mostly
 * a wrong address, three times within seconds.
 */
export class TrackingConnection {
  readonly uri: string
  readonly #options: ConnectionOptions
  readonly #transport: Transport
  readonly #headers: Readonly<Record<string, string>>

  constructor(options: ConnectionOptions) {
    const { uri, silenceMs = 120_000, tls = {} } = options
    this.uri = withoutCredentials(uri)
    this.#options = options
    this.#transport = options.transport ?? createHttpTransport(uri, { silenceMs, tls })
    this.#headers = headersOf(options)
  }

  /** The same connection, sockets and all, whose calls also end with that signal. */
  withSignal(signal: AbortSignal): TrackingConnection {
    const signals = this.#options.signal ? [this.#options.signal, signal] : [signal]
    const options = { ...this.#options, transport: this.#transport, signal: AbortSignal.any(signals) }
    return new TrackingConnection(options)
  }

  /** One call. TRACKING_FAILED for a refusal, TRACKING_UNREACHABLE for no answer. */
  async call<N extends EndpointName>(name: N, request: CallRequest<N>): Promise<CallResponse<N>> {
    const endpoint: Endpoint = ENDPOINTS[name]
    const sending = sendingOf(endpoint, encodeMessage(endpoint.request, request))
    const answer = await this.exchange(sending, endpoint.effect !== 'once')
    return messageOf(endpoint.response, sending, answer) as CallResponse<N>
  }

  /** One exchange with its repetitions; the body of the answer is read whole. */
  exchange(sending: Sending, repeatable: boolean): Promise<ReadAnswer> {
    return this.#repeat(sending, repeatable, async (deadline) => {
      const signal = this.#signalUntil(deadline)
      const { status, headers, body } = await this.#transport({ ...this.#request(sending), signal })
      return { status, headers, body, text: await textOf(body) }
    })
  }

  /** As `exchange`, without an end to the time that the transfer may take, and with the answer's body as a stream. */
  async open(sending: Sending, repeatable = true): Promise<Readable> {
    const { body } = await this.#repeat(sending, repeatable, async () => {
      const { signal } = this.#options
      const answer = await this.#transport({ ...this.#request(sending), ...(signal && { signal }) })
      return isDone(answer) ? { ...answer, text: '' } : { ...answer, text: await textOf(answer.body) }
    })
    return body
  }

  async #repeat<A extends ReadAnswer & { readonly body: Readable }>(
    sending: Sending,
    repeatable: boolean,
    attempt: (deadline: number) => Promise<A>,
  ): Promise<A> {
    const { now, deadlineMs = 300_000 } = this.#options
    const deadline = now() + deadlineMs
    for (let tries = 0; ; tries++) {
      const outcome = await this.#outcome(() => attempt(deadline))
      if (isAnswer(outcome) && isDone(outcome)) return outcome
      const wait = this.#waitMs(outcome, tries)
      const again = wait !== undefined && now() + wait < deadline && mayRepeat(outcome, repeatable)
      if (!again) throw this.#failure(sending, outcome)
      await this.#sleep(wait)
    }
  }

  async #outcome<A extends ReadAnswer>(attempt: () => Promise<A>): Promise<A | { cause: unknown }> {
    const { signal } = this.#options
    signal?.throwIfAborted()
    try {
      const answer = await attempt()
      known.add(this.#transport)
      return answer
    } catch (cause) {
      signal?.throwIfAborted()
      return { cause }
    }
  }

  /** `undefined` once it was tried often enough. */
  #waitMs(outcome: Outcome, tries: number): number | undefined {
    const { now, maxRetries = 7 } = this.#options
    if (known.has(this.#transport)) {
      return tries < maxRetries ? waitMs(outcome, tries, { ...this.#options, now: now() }) : undefined
    }
    const isLeft = tries < Math.min(maxRetries, STRANGER_RETRIES)
    return isLeft ? waitMs(outcome, 0, { ...this.#options, now: now() }) : undefined
  }

  async #sleep(milliseconds: number): Promise<void> {
    const { signal, sleep: given } = this.#options
    if (given) await given(milliseconds)
    else await sleep(milliseconds, undefined, signal && { signal }).catch(() => {})
  }

  #signalUntil(deadline: number): AbortSignal {
    const { now, signal } = this.#options
    const late = AbortSignal.timeout(Math.max(1, Math.ceil(deadline - now())))
    return signal ? AbortSignal.any([late, signal]) : late
  }

  #request({ body, ...sending }: Sending): TransportRequest {
    const headers = { ...this.#headers, ...sending.headers }
    if (body === undefined) return { ...sending, headers }
    if (typeof body === 'function') return { ...sending, headers, body: body() }
    // Node writes no length for DELETE
    return { ...sending, headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) }, body }
  }

  #failure(sending: Sending, outcome: Outcome & { text?: string }): FdsError {
    if (isAnswer(outcome)) return refusal(sending, { text: '', ...outcome })
    const { cause } = outcome
    return new FdsError('TRACKING_UNREACHABLE', { uri: this.uri, reason: reasonOf(cause) }, { cause })
  }
}

const STRANGER_RETRIES = 3
/** Those whose server has answered before. */
const known = new WeakSet<Transport>()

function isDone({ status }: { readonly status: number }): boolean {
  return status >= 200 && status < 300
}

function sendingOf(endpoint: Endpoint, message: Record<string, unknown>): Sending {
  const method = endpoint.methods[0]
  const path = pathsOf(endpoint)[0]!.replace(/\{(\w+)\}/g, (_, key: string) => {
    return encodeURIComponent(String(message[key]))
  })
  if (method === 'GET') return { method, path, query: queryOf(message), headers: {} }
  return { method, path, headers: { 'content-type': 'application/json' }, body: JSON.stringify(message) }
}

function queryOf(message: Record<string, unknown>): string {
  const pairs = Object.entries(message).flatMap(([key, value]): [string, string][] => {
    return Array.isArray(value) ? value.map((item) => [key, String(item)]) : [[key, String(value)]]
  })
  return new URLSearchParams(pairs).toString()
}

function headersOf({ uri, apiKey, token, basic }: ConnectionOptions): Record<string, string> {
  const headers: Record<string, string> = { 'user-agent': 'fds-system' }
  const user = basic ?? userOf(uri)
  if (apiKey !== undefined) headers['x-api-key'] = apiKey
  if (user)
    headers['authorization'] = `Basic ${Buffer.from(`${user.username}:${user.password}`).toString('base64')}`
  if (token !== undefined) headers['authorization'] = `Bearer ${token}`
  return headers
}

function userOf(uri: string): ConnectionOptions['basic'] {
  const { username, password } = URL.canParse(uri) ? new URL(uri) : { username: '', password: '' }
  if (username === '') return undefined
  return { username: decodeURIComponent(username), password: decodeURIComponent(password) }
}
