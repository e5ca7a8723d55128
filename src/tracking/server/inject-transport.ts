import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import type { Transport } from '../client/transport.ts'

/** Carries requests to an app of this process, opened by the first one, without a socket; bodies flow as they come. */
export function createInjectTransport(openApp: () => FastifyInstance): Transport {
  return async ({ method, path, query, headers, body, signal }) => {
    const response = await openApp().inject({
      method: method as 'GET',
      url: query ? `${path}?${query}` : path,
      headers,
      payloadAsStream: true,
      ...(body === undefined ? {} : { payload: payloadOf(body) }),
      ...(signal && { signal }),
    })
    const texts = Object.entries(response.headers).map(([name, value]) => [name, String(value)])
    return { status: response.statusCode, headers: Object.fromEntries(texts), body: response.stream() }
  }
}

function payloadOf(body: string | Uint8Array | Readable): string | Buffer | Readable {
  return typeof body === 'string' || body instanceof Readable ? body : Buffer.from(body)
}
