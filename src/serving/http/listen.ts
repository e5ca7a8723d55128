import { once } from 'node:events'
import { createServer } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { FdsError } from '../../errors.ts'

export interface ListenOptions {
  readonly host: string
  /** 0 takes a free port. */
  readonly port: number
  /** Other processes of this service listen there too. */
  readonly isShared?: boolean
}

/**
 * Where the system itself spreads connections over the processes that listen. A connection that waits for a process
 * which dies is broken then, and its caller knows; one that node:cluster handed to it would stay open for good.
 */
const REUSES_PORTS = new Set<string>(['linux', 'freebsd'])

/**
 * Starts to accept connections and gives the address, such as `http://127.0.0.1:8000`. PORT_IN_USE when
 * another program has the port; ADDRESS_UNUSABLE when this machine cannot listen there at all.
 */
export async function listen(app: FastifyInstance, options: ListenOptions): Promise<string> {
  const { host, port, isShared = false } = options
  const reusePort = isShared && REUSES_PORTS.has(process.platform)
  try {
    return await app.listen({ host, port, ...(reusePort && { reusePort }) })
  } catch (cause) {
    throw listenError(options, cause)
  }
}

/** The port, or a free one for 0, if one can listen there now; errors as `listen` has them. */
export async function findPort(options: ListenOptions): Promise<number> {
  const server = createServer()
  try {
    await once(server.listen(options), 'listening')
  } catch (cause) {
    throw listenError(options, cause)
  }
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address ? address.port : options.port
}

function listenError({ host, port }: ListenOptions, cause: unknown): unknown {
  const { code, syscall, message } = cause as NodeJS.ErrnoException
  if (code === 'EADDRINUSE') return new FdsError('PORT_IN_USE', { host, port }, { cause })
  // a worker's primary binds for it
  if (!['listen', 'bind', 'getaddrinfo'].includes(syscall ?? '')) return cause
  return new FdsError('ADDRESS_UNUSABLE', { host, port, reason: message }, { cause })
}
