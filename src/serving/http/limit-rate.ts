import type { IncomingHttpHeaders } from 'node:http'
import { userOf } from '../../tracking/server/access.ts'

export interface RateLimit {
  /** Requests a second that one client may send for long; a burst may be as many at once. */
  readonly perSecond: number
  /** Milliseconds since 1970; may jump. */
  readonly now: () => number
  /** Clients remembered at most, 10,000 by default; the one that was silent longest is forgotten first. */
  readonly maxClients?: number
}

export interface RateLimiter {
  readonly perSecond: number
  /** Takes one request of this client: 0 lets it go, else the whole seconds until the next one may come. */
  take(client: string): number
}

/** What names the client of a request. */
export interface ClientRequest {
  readonly headers: IncomingHttpHeaders
  readonly socket: { readonly remoteAddress?: string | undefined }
}

/**
 * A token bucket for each client: it holds `perSecond` requests and fills at that rate. A clock that is set back
 * stops the filling for a moment and takes nothing away. Each process counts for itself. Cost O(1) a request.
 *
 * @example
 * const limiter = createRateLimiter({ perSecond: 2, now: () => 0 })
 * const waits = [1, 2, 3].map(() => limiter.take('address 10.0.0.1'))
 * waits // [0, 0, 1]
 */
export function createRateLimiter({ perSecond, now, maxClients = 10_000 }: RateLimit): RateLimiter {
  // in the order of the last request
  const buckets = new Map<string, Bucket>()
  return {
    perSecond,
    take: (client) => {
      const bucket = fill(buckets.get(client), perSecond, now())
      buckets.delete(client)
      if (buckets.size >= maxClients) buckets.delete(buckets.keys().next().value!)
      buckets.set(client, bucket)
      if (bucket.tokens < 1) return Math.ceil((1 - bucket.tokens) / perSecond)
      bucket.tokens--
      return 0
    },
  }
}

/**
 * The client of a request: the holder of its credential where the guard has let one in, else the address of the
 * connection. A credential that nobody checked names nobody, since anyone can invent one.
 */
export function clientOf(request: ClientRequest): string {
  const user = userOf(request)
  return user === undefined ? `address ${request.socket.remoteAddress ?? 'unknown'}` : `user ${user}`
}

interface Bucket {
  tokens: number
  filledAt: number
}

function fill(bucket: Bucket | undefined, perSecond: number, now: number): Bucket {
  if (!bucket) return { tokens: Math.max(1, perSecond), filledAt: now }
  const seconds = Math.max(0, now - bucket.filledAt) / 1000
  bucket.tokens = Math.min(Math.max(1, perSecond), bucket.tokens + seconds * perSecond)
  bucket.filledAt = now
  return bucket
}
