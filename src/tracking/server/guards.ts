import { isIPv4, isIPv6 } from 'node:net'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { refuse } from '../protocol/refusal.ts'
import type { AccessPolicy } from './access.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a call of the tracking server does: `none` is open to everybody; whatever is not named changes state. */
    readonly effect?: 'none' | 'read' | 'write' | 'once'
  }
}

export interface GuardOptions {
  /** Who may do what; everybody everything when absent. */
  readonly access?: AccessPolicy | undefined
  /** Host names that may be asked for besides loopback and private addresses, without ports. */
  readonly allowedHosts?: readonly string[] | undefined
}

/**
 * Guards every route of the app before its body is read. `Host` must be a loopback or private address, `localhost`,
 * or one of `allowedHosts`: any other name may be DNS rebinding. A call that changes state must not come from a page
 * of another origin. Then the access policy is asked. A route that does not name its effect counts as changing state.
 */
export function guardRoutes(app: FastifyInstance, { access, allowedHosts = [] }: GuardOptions): void {
  const allowed = new Set(allowedHosts.map((host) => host.toLowerCase()))
  app.addHook('onRequest', async (request, reply) => {
    const { effect } = request.routeOptions.config
    reply.headers(ANSWER_HEADERS)
    if (effect === 'none') return
    checkHost(request, allowed)
    if (effect !== 'read') checkOrigin(request)
    if (access) await checkAccess(request, reply, access)
  })
}

/** No browser frames, sniffs or runs an answer, and no other site's page may embed it. */
const ANSWER_HEADERS = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'SAMEORIGIN',
  'content-security-policy': "default-src 'none'; frame-ancestors 'self'; sandbox",
  'cross-origin-resource-policy': 'same-origin',
}

async function checkAccess(
  request: FastifyRequest,
  reply: FastifyReply,
  access: AccessPolicy,
): Promise<void> {
  const { effect } = request.routeOptions.config
  const verdict = await access.judge(request, effect === 'read' ? 'read' : 'write')
  if (verdict === 'unknown') {
    reply.header('www-authenticate', access.challenge)
    refuse('UNAUTHENTICATED', UNAUTHENTICATED)
  }
  if (verdict === 'forbidden') refuse('PERMISSION_DENIED', 'Permission denied: this credential may only read')
  if (verdict === 'busy') {
    reply.header('retry-after', '1')
    refuse('REQUEST_LIMIT_EXCEEDED', 'Too many passwords are being checked; try again in a second')
  }
}

const UNAUTHENTICATED =
  'You are not authenticated: this call needs an API key (X-API-Key, or MLFLOW_TRACKING_TOKEN in the client) or a ' +
  'user (MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD)'

function checkHost({ headers, raw }: FastifyRequest, allowed: ReadonlySet<string>): void {
  // of two Host headers Node shows the first; what stands before this server may have believed the second
  const hosts = raw.rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host')
  if (hosts.length > 1 || !isAllowedHost(hostName(headers.host ?? ''), allowed)) {
    refuse('PERMISSION_DENIED', 'Invalid Host header - possible DNS rebinding attack detected')
  }
}

/** Browsers send `Origin` with every such call of a page, and newer ones say where the page is from. */
function checkOrigin({ headers }: FastifyRequest): void {
  const { host = '', origin, 'sec-fetch-site': site = 'none' } = headers
  const isForeign = origin !== undefined && originHost(origin) !== host.toLowerCase()
  if (isForeign || (site !== 'none' && site !== 'same-origin')) {
    refuse('PERMISSION_DENIED', 'Cross-origin request blocked')
  }
}

/** `[::1]:8000` → `::1`, `localhost:8000` → `localhost`. */
function hostName(host: string): string {
  const bracketed = /^\[([^\]]*)\](?::\d+)?$/.exec(host)?.[1]
  if (bracketed !== undefined) return isIPv6(bracketed) ? bracketed.toLowerCase() : ''
  const name = host.replace(/:\d+$/, '').toLowerCase()
  // an IPv6 address must stand in brackets
  return name.includes(':') ? '' : name
}

function isAllowedHost(name: string, allowed: ReadonlySet<string>): boolean {
  if (name === 'localhost' || allowed.has(name)) return true
  if (isIPv4(name)) return isPrivateIpv4(name)
  return isIPv6(name) && isPrivateIpv6(name)
}

/** Loopback, the unspecified address, and the private ranges of RFC 1918. */
function isPrivateIpv4(address: string): boolean {
  const [a, b] = address.split('.').map(Number) as [number, number]
  if (a === 127 || a === 10 || address === '0.0.0.0') return true
  return (a === 192 && b === 168) || (a === 172 && b >= 16 && b < 32)
}

/** Loopback and the unique local range fc00::/7. */
function isPrivateIpv6(address: string): boolean {
  return address === '::1' || /^f[cd][0-9a-f]{2}:/.test(address)
}

function originHost(origin: string): string | undefined {
  return /^https?:\/\/(.+)$/.exec(origin.toLowerCase())?.[1]
}
