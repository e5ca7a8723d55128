import { isIPv4, isIPv6 } from 'node:net'
import type { FastifyRequest } from 'fastify'
import { refuse } from '../protocol/refusal.ts'

export interface GuardOptions {
  readonly authorize?: ((request: FastifyRequest) => boolean) | undefined
  readonly allowedHosts?: readonly string[] | undefined
}

/**
 * Refuses requests that a web page of another site could have sent. `Host` must be a loopback or private address,
 * `localhost`, or one of `allowedHosts`: any other name may be DNS rebinding. A call that changes state must not
 * carry the `Origin` of another host, and must be authorized.
 */
export function checkRequest(request: FastifyRequest, changesState: boolean, options: GuardOptions): void {
  const host = request.headers.host ?? ''
  if (!isAllowedHost(hostName(host), options.allowedHosts ?? [])) {
    refuse('PERMISSION_DENIED', 'Invalid Host header - possible DNS rebinding attack detected')
  }
  if (!changesState) return
  const { origin } = request.headers
  if (origin !== undefined && originHost(origin) !== host.toLowerCase()) {
    refuse('PERMISSION_DENIED', 'Cross-origin request blocked')
  }
  if (options.authorize && !options.authorize(request)) {
    refuse('UNAUTHENTICATED', 'This call changes state and needs the API key of the server')
  }
}

/** `[::1]:8000` → `::1`, `localhost:8000` → `localhost`. */
function hostName(host: string): string {
  const bracketed = /^\[([^\]]*)\](?::\d+)?$/.exec(host)
  return (bracketed?.[1] ?? host.replace(/:\d+$/, '')).toLowerCase()
}

function isAllowedHost(name: string, allowed: readonly string[]): boolean {
  if (name === 'localhost' || allowed.some((host) => host.toLowerCase() === name)) return true
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
