import { isUtf8 } from 'node:buffer'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { FdsError } from '../../errors.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the route takes, for the message to a caller who sent something else. */
    readonly contentTypes?: readonly string[]
  }
}

export const NDJSON = 'application/x-ndjson'

/**
 * Reads JSON bodies: UTF-8 alone (REQUEST_INVALID otherwise, instead of replacement characters in silence),
 * and no `__proto__` or `constructor.prototype` keys.
 */
export function parseJsonBodies(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeContentTypeParser(['application/json', 'text/plain'])
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    if (isUtf8(body)) parse(request, body.toString('utf8'), done)
    else done(new FdsError('REQUEST_INVALID', { reason: 'its body is not UTF-8' }), undefined)
  })
}

/** Reads NDJSON bodies, one JSON value a line, blank lines skipped, to an array; BATCH_ROW_INVALID by row. */
export function parseNdjsonBodies(app: FastifyInstance): void {
  app.addContentTypeParser(NDJSON, { parseAs: 'buffer' }, async (_: FastifyRequest, body: Buffer) => {
    if (!isUtf8(body)) throw new FdsError('REQUEST_INVALID', { reason: 'its body is not UTF-8' })
    return parseLines(body.toString('utf8'))
  })
}

function parseLines(text: string): unknown[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  return lines.map((line, row) => {
    try {
      return JSON.parse(line) as unknown
    } catch {
      throw new FdsError('BATCH_ROW_INVALID', {
        row,
        code: 'REQUEST_INVALID',
        reason: 'the line is not JSON',
      })
    }
  })
}
