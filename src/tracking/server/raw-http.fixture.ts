import { request as httpRequest, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { pino } from 'pino'
import { createTrackingApp } from './tracking-app.ts'
import type { TrackingServerInput } from './tracking-server.ts'
import { openTestServer, type TestServer } from './tracking-test-server.ts'

export interface Answer {
  readonly status: number
  readonly body: string
  readonly headers: IncomingHttpHeaders
}

export interface ListeningServer {
  readonly served: TestServer
  readonly port: number
  /** Sends the path byte for byte, as no well-behaved client would. */
  send(
    method: string,
    path: string,
    given?: { body?: string; headers?: OutgoingHttpHeaders },
  ): Promise<Answer>
  close(): Promise<void>
}

/** For tests: a tracking server on a socket. */
export async function openListeningServer(
  options: Partial<TrackingServerInput> = {},
): Promise<ListeningServer> {
  const served = await openTestServer(options)
  const app = createTrackingApp(served.server, pino({ level: 'silent' }))
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as AddressInfo
  return {
    served,
    port,
    send: (method, path, { body = '', headers = {} } = {}) =>
      new Promise((resolve, reject) => {
        // without it Node sends the body of a DELETE as if it were the next request
        const length = headers['transfer-encoding'] ? {} : { 'content-length': Buffer.byteLength(body) }
        const given = {
          method,
          path,
          port,
          host: '127.0.0.1',
          agent: false,
          headers: { ...length, ...headers },
        }
        const sent = httpRequest(given, async (response) => {
          const { statusCode: status = 0 } = response
          resolve({ status, body: await text(response), headers: response.headers })
        })
        sent.on('error', reject)
        sent.end(body)
      }),
    close: async () => {
      await app.close()
      await served.close()
    },
  }
}
