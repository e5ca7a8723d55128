import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'

/** A message as Slack's incoming webhooks take it. */
export interface SlackMessage {
  readonly attachments: readonly { readonly title: string; readonly text: string; readonly color: string }[]
}

/** An event as PagerDuty's Events API v2 takes it. */
export interface PagerdutyEvent {
  readonly routing_key: string
  readonly event_action: 'trigger' | 'resolve'
  readonly dedup_key: string
  readonly payload: { readonly summary: string; readonly severity: string; readonly source: string }
}

export interface Received<Body> {
  readonly body: Body
  /** Milliseconds since 1970. */
  readonly time: number
}

/** Stands where Slack, PagerDuty and a dead-man's switch would. */
export interface Receivers {
  readonly address: string
  readonly slack: readonly Received<SlackMessage>[]
  readonly pagerduty: readonly Received<PagerdutyEvent>[]
  readonly deadMan: readonly Received<unknown>[]
  close(): void
}

/** Answers as they do, 200 `ok` and 202 with the event's key, and keeps what came. */
export async function startReceivers(): Promise<Receivers> {
  const slack: Received<SlackMessage>[] = []
  const pagerduty: Received<PagerdutyEvent>[] = []
  const deadMan: Received<unknown>[] = []
  const server = createServer(async (request, response) => {
    const received = { body: (await json(request)) as never, time: Date.now() }
    if (request.url === '/slack') {
      slack.push(received)
      response.end('ok')
    } else if (request.url === '/pagerduty') {
      pagerduty.push(received)
      const { dedup_key } = received.body as PagerdutyEvent
      response
        .writeHead(202)
        .end(JSON.stringify({ status: 'success', message: 'Event processed', dedup_key }))
    } else {
      deadMan.push(received)
      response.end()
    }
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  return {
    address: `http://127.0.0.1:${port}`,
    slack,
    pagerduty,
    deadMan,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}
