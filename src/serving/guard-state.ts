import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { FdsError } from '../errors.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route needs no API key, although its method may change state. */
    readonly open?: boolean
  }
}

const READ_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Demands the API key of every call that changes state, such as labels: whatever does not read and is not
 * declared open by its route. Deciding on a transaction is: every payment goes through it, and it adds a
 * decision without changing one. UNAUTHORIZED.
 */
export function guardState(app: FastifyInstance, apiKey: string): void {
  const holdsKey = keyCheck(apiKey)
  app.addHook('onRequest', (request, _, done) => {
    if (changesState(request) && !holdsKey(request)) throw new FdsError('UNAUTHORIZED', {})
    done()
  })
}

/**
 * Whether a request carries the key, in `X-API-Key` or as a bearer token (which MLflow's clients send when
 * `MLFLOW_TRACKING_TOKEN` is set). Takes the same time whatever was sent.
 */
export function keyCheck(apiKey: string): (request: FastifyRequest) => boolean {
  const expected = digest(apiKey)
  return (request) => {
    const given = givenKey(request)
    // digests have one length, as the comparison demands
    return given !== undefined && timingSafeEqual(digest(given), expected)
  }
}

function changesState({ method, is404, routeOptions }: FastifyRequest): boolean {
  return !is404 && !READ_METHODS.has(method) && routeOptions.config.open !== true
}

function givenKey({ headers }: FastifyRequest): string | undefined {
  const key = headers['x-api-key']
  if (typeof key === 'string') return key
  return /^Bearer +(.+)$/i.exec(headers.authorization ?? '')?.[1]
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
