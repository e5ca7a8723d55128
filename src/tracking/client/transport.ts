import { Agent, type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps, Agent as SecureAgent } from 'node:https'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/** One HTTP exchange, whoever carries it: a socket, or the embedded server in the same process. */
export type Transport = (request: TransportRequest) => Promise<TransportResponse>

export interface TransportRequest {
  readonly method: string
  /** From the root, percent-encoded, without a query. */
  readonly path: string
  /** Encoded, without the question mark. */
  readonly query?: string
  /** With lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array | Readable
  readonly signal?: AbortSignal
}

/** As soon as the head of the answer is there; whoever gets it reads the body to its end or destroys it. */
export interface TransportResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Readable
}

/** How a server is trusted and known to; texts in PEM. */
export interface TlsOptions {
  /** Authorities that the server's certificate may come from, instead of the usual ones. */
  readonly ca?: string
  /** This side's certificate with its private key. */
  readonly clientCertificate?: string
  /** Takes any certificate: MLFLOW_TRACKING_INSECURE_TLS. */
  readonly insecure?: boolean
}

/**
 * Carries requests to the server at `uri` (`http://host:port`, a path prefix is kept) over connections that stay open
 * for the next request. It gives up on a socket that is silent for `silenceMs`, and follows no redirection.
 */
export function createHttpTransport(
  uri: string,
  { silenceMs, tls = {} }: { readonly silenceMs: number; readonly tls?: TlsOptions },
): Transport {
  const { protocol, hostname, port, pathname } = new URL(uri)
  const prefix = pathname.replace(/\/+$/, '')
  const agent = protocol === 'https:' ? new SecureAgent({ ...POOL, ...tlsOf(tls) }) : new Agent(POOL)
  const open = protocol === 'https:' ? requestHttps : requestHttp
  // an address in brackets is IPv6
  const target = { protocol, hostname: hostname.replace(/^\[|\]$/g, ''), port, agent, timeout: silenceMs }
  return ({ method, path, query, headers, body, signal }) => {
    const options = { ...target, method, path: prefix + path + (query ? `?${query}` : ''), headers }
    return new Promise((resolve, reject) => {
      const sent = open(signal ? { ...options, signal } : options)
      sent.on('response', (response) => resolve(responseOf(response)))
      sent.on('timeout', () => sent.destroy(new Error(`no answer within ${silenceMs / 1000} s`)))
      sent.on('error', reject)
      if (body === undefined || typeof body === 'string' || body instanceof Uint8Array) sent.end(body)
      else pipeline(body, sent).catch(reject)
    })
  }
}

/** Idle connections are closed after 4 s: before MLflow's server closes them, which might cross a new request. */
const POOL = { keepAlive: true, timeout: 4000, maxSockets: 32 }

function tlsOf({ ca, clientCertificate, insecure = false }: TlsOptions): object {
  return {
    rejectUnauthorized: !insecure,
    ...(ca !== undefined && { ca }),
    ...(clientCertificate !== undefined && { cert: clientCertificate, key: clientCertificate }),
  }
}

function responseOf(response: IncomingMessage): TransportResponse {
  const headers = Object.entries(response.headers).map(([name, value]) => [name, String(value)])
  return { status: response.statusCode ?? 0, headers: Object.fromEntries(headers), body: response }
}
