// A service that takes alerts over HTTPS on localhost, as Slack and PagerDuty do.
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { TestContext } from 'node:test'

const TLS = join(import.meta.dirname, '../../test/fixtures/tls')
/** What a client must trust to reach the server. */
export const CERTIFICATE = join(TLS, 'localhost-cert.pem')

export interface AlertServer {
  readonly url: string
  /** Bodies and paths in the order in which they came. */
  readonly received: readonly { readonly path: string; readonly body: string }[]
}

/** Answers the nth request with the nth status, later ones with the last; it goes away with the test. */
export async function startAlertServer(
  context: TestContext,
  answers: readonly { readonly status: number; readonly headers?: Readonly<Record<string, string>> }[] = [
    { status: 200 },
  ],
): Promise<AlertServer> {
  const received: { path: string; body: string }[] = []
  const tls = { key: readFileSync(join(TLS, 'localhost-key.pem')), cert: readFileSync(CERTIFICATE) }
  const server = createServer(tls, async (request, response) => {
    const answer = answers[Math.min(received.length, answers.length - 1)]!
    received.push({ path: request.url ?? '', body: await text(request) })
    response.writeHead(answer.status, answer.headers).end('ok')
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  context.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `https://localhost:${(server.address() as AddressInfo).port}`, received }
}
