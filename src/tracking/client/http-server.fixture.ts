import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { type FastifyInstance, fastify } from 'fastify'
import { openTestServer, type TestServer } from '../server/tracking-test-server.ts'
import { MlflowClient } from './mlflow-client.ts'
import type { ConnectionOptions } from './tracking-connection.ts'

/** For tests: a real HTTP server on a port of its own, which may behave as badly as a test needs. */
export async function openHttpServer(
  answer: RequestListener,
): Promise<{ uri: string; server: Server; close(): Promise<void> }> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const close = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return { uri: `http://127.0.0.1:${port}`, server, close }
}

/** The body of a request as JSON. */
export async function jsonOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  return JSON.parse(await text(request))
}

export interface SocketServer extends TestServer {
  readonly uri: string
  readonly app: FastifyInstance
}

/** For tests: the embedded server behind a real socket, and a client that speaks to it through that. */
export async function openSocketServer(options: Partial<ConnectionOptions> = {}): Promise<SocketServer> {
  const served = await openTestServer()
  const app = fastify({ forceCloseConnections: true })
  await app.register(served.server.routes)
  const uri = await app.listen({ port: 0, host: '127.0.0.1' })
  const close = async () => {
    await app.close()
    await served.close()
  }
  return { ...served, app, uri, close, client: new MlflowClient({ uri, now: served.now, ...options }) }
}
