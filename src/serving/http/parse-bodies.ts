import { isUtf8 } from 'node:buffer'
import type { FastifyInstance } from 'fastify'
import { FdsError } from '../../errors.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the route takes, for the message to a caller who sent something else. */
    readonly contentTypes?: readonly string[]
  }
}

export const JSON_TYPE = 'application/json'
export const NDJSON = 'application/x-ndjson'

/**
 * Reads JSON bodies: UTF-8 alone (REQUEST_INVALID otherwise, instead of replacement characters in silence),
 * and no `__proto__` or `constructor.prototype` keys.
 */
export function parseJsonBodies(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeContentTypeParser([JSON_TYPE, 'text/plain'])
  app.addContentTypeParser(JSON_TYPE, { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    if (isUtf8(body)) parse(request, body.toString('utf8'), done)
    else done(notUtf8(), undefined)
  })
}

/** Leaves bodies of these types as texts, for routes that read them by themselves; REQUEST_INVALID as above. */
export function takeTexts(app: FastifyInstance, contentTypes: readonly string[]): void {
  app.removeContentTypeParser([...contentTypes])
  app.addContentTypeParser([...contentTypes], { parseAs: 'buffer' }, async (_: unknown, body: Buffer) =>
    textOf(body),
  )
}

/** The text of a body; REQUEST_INVALID unless it is UTF-8. */
export function textOf(body: Buffer): string {
  if (!isUtf8(body)) throw notUtf8()
  return body.toString('utf8')
}

/** The value that a text of JSON holds; REQUEST_INVALID. A key such as `__proto__` is a key like any other. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new FdsError('REQUEST_INVALID', { reason: 'its body is not JSON' })
  }
}

function notUtf8(): FdsError {
  return new FdsError('REQUEST_INVALID', { reason: 'its body is not UTF-8' })
}
