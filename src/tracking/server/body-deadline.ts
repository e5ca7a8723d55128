import type { FastifyInstance } from 'fastify'

/**
 * Breaks off every request whose body is not here whole after so many milliseconds, so that a slow sender holds
 * nothing for long. Uploads (PUT) may take as long as the app allows: a model of gigabytes is no attack.
 */
export function limitBodyTime(app: FastifyInstance, milliseconds: number): void {
  app.addHook('onRequest', ({ method, headers, raw }, _, done) => {
    const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length']) > 0
    if (hasBody && method !== 'PUT') {
      const timer = setTimeout(() => raw.destroy(), milliseconds)
      for (const end of ['end', 'close']) raw.once(end, () => clearTimeout(timer))
    }
    done()
  })
}
