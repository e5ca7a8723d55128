import type { FastifyInstance, HTTPMethods } from 'fastify'
import { FdsError } from '../../errors.ts'

const METHODS: readonly HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

/**
 * Watches the routes that are added from now on; the returned function makes each of their paths answer 405
 * with the methods it takes, instead of 404, to every other method.
 */
export function refuseOtherMethods(app: FastifyInstance): () => void {
  const taken = new Map<string, Set<string>>()
  let collecting = true
  app.addHook('onRoute', ({ url, method }) => {
    if (!collecting) return
    const methods = taken.get(url) ?? new Set()
    for (const name of [method].flat()) methods.add(name)
    taken.set(url, methods)
  })
  return () => {
    collecting = false
    for (const [url, methods] of taken) addRefusal(app, url, [...methods])
  }
}

function addRefusal(app: FastifyInstance, url: string, allowed: readonly string[]): void {
  app.route({
    url,
    method: METHODS.filter((method) => !allowed.includes(method)),
    schema: { hide: true },
    config: { open: true },
    // before the body is read
    onRequest: async (request) => {
      throw new FdsError('METHOD_NOT_ALLOWED', { method: request.method, path: url, allowed })
    },
    handler: () => {},
  })
}
