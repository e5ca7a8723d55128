import type { IncomingHttpHeaders } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { FdsError } from '../../errors.ts'

const LOOPBACK_AUTHORITY = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i
const READ_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Whether a server bound to this address is reached from this machine alone.
 *
 * @example
 * isLoopback('127.0.0.1') // true
 * isLoopback('0.0.0.0') // false
 */
export function isLoopback(host: string): boolean {
  return LOOPBACK_AUTHORITY.test(host.includes(':') ? `[${host}]` : host)
}

/**
 * Keeps web pages of other sites away from a server bound to a loopback address. A foreign name in `Host` is
 * DNS rebinding; a foreign `Origin` on a call that changes state is a page acting in the reader's name.
 * HOST_NOT_ALLOWED.
 */
export function guardLoopback(app: FastifyInstance): void {
  app.addHook('onRequest', ({ headers, method }, _, done) => {
    const { host = 'none', origin } = headers
    if (!LOOPBACK_AUTHORITY.test(host)) throw new FdsError('HOST_NOT_ALLOWED', { header: 'Host', got: host })
    if (origin !== undefined && !READ_METHODS.has(method) && !isLoopbackOrigin(origin)) {
      throw new FdsError('HOST_NOT_ALLOWED', { header: 'Origin', got: origin })
    }
    done()
  })
}

/** Headers for every answer: nothing is framed, sniffed or run unless a page's own route says otherwise. */
export const ANSWER_HEADERS = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
} as const

/** Whether a request names this machine as the one that it asks, and comes from no page. */
export function isPlainLoopback({ host, origin }: IncomingHttpHeaders): boolean {
  return origin === undefined && host !== undefined && LOOPBACK_AUTHORITY.test(host)
}

function isLoopbackOrigin(origin: string): boolean {
  return LOOPBACK_AUTHORITY.test(origin.replace(/^https?:\/\//, ''))
}
