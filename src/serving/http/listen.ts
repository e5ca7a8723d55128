import type { FastifyInstance } from 'fastify'
import { FdsError } from '../../errors.ts'

export interface ListenOptions {
  readonly host: string
  /** 0 takes a free port. */
  readonly port: number
}

/**
 * Starts to accept connections and gives the address, such as `http://127.0.0.1:8000`. PORT_IN_USE when
 * another program has the port; ADDRESS_UNUSABLE when this machine cannot listen there at all.
 */
export async function listen(app: FastifyInstance, { host, port }: ListenOptions): Promise<string> {
  try {
    return await app.listen({ host, port })
  } catch (cause) {
    const { code, syscall, message } = cause as NodeJS.ErrnoException
    if (code === 'EADDRINUSE') throw new FdsError('PORT_IN_USE', { host, port }, { cause })
    if (syscall !== 'listen' && syscall !== 'getaddrinfo') throw cause
    throw new FdsError('ADDRESS_UNUSABLE', { host, port, reason: message }, { cause })
  }
}
