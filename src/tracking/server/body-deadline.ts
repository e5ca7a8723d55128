import type { FastifyInstance } from 'fastify'

/**
 * Breaks off every request whose body is not here whole after so many milliseconds, so that a slow sender holds
 * nothing for long. Uploads (PUT) may take as long as the app allows: a model of gigabytes is no attack.
 */
export function limitBodyTime(app: FastifyInstance, milliseconds: number): void {
  app.addHook('onRequest', ({ method, headers, raw }, reply, done) => {
    const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length']) > 0
    if (hasBody && method !== 'PUT') {
      const timer = setTimeout(() => raw.destroy(), milliseconds)
      const stop = () => clearTimeout(timer)
      for (const end of ['end', 'close']) raw.once(end, stop)
      // a body that was refused unread has no end
      reply.raw.once('close', stop)
    }
    done()
  })
}
