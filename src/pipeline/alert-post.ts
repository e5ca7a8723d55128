import { setTimeout as timer } from 'node:timers/promises'
import { FdsError } from '../errors.ts'
import { isAnswer, mayRepeat, type Outcome, reasonOf, waitMs } from '../tracking/client/retry.ts'
import { createHttpTransport, type Transport } from '../tracking/client/transport.ts'

/** How alerts get out; the defaults are those of a command. */
export interface AlertPosting {
  readonly now: () => number
  /** Carries requests to an address; default sockets, with the machine's authorities. */
  readonly transportTo?: (url: string) => Transport
  /** Waits between tries; default a timer. */
  readonly sleep?: (milliseconds: number) => Promise<void>
}

const TRIES = 3
const PATIENCE_MS = 10_000
const LONGEST_WAIT_MS = 30_000

/**
 * Posts a value as JSON. Three tries, each of 10 s at most: after no answer, 408, 429 and 5xx it waits a second, then
 * four, or what the server asks for, up to 30 s. A redirection is a refusal: a secret goes to its address alone.
 * ALERT_FAILED names the channel and the reason, never the address or what the server wrote, since both may hold the
 * secret. An answer that was lost may mean that the message comes twice.
 */
export async function postAlert(
  channel: string,
  { url, body }: { readonly url: string; readonly body: unknown },
  { now, transportTo = socketTo, sleep = timer }: AlertPosting,
): Promise<void> {
  const send = transportTo(url)
  for (let tries = 0; ; tries++) {
    const outcome = await attempt(send, url, JSON.stringify(body))
    if (isAnswer(outcome) && outcome.status >= 200 && outcome.status < 300) return
    if (tries + 1 === TRIES || !mayRepeat(outcome, true)) {
      throw new FdsError('ALERT_FAILED', { channel, reason: failureOf(outcome) })
    }
    const wait = waitMs(outcome, tries, { now: now(), backoffFactor: 2 })
    await sleep(Math.min(LONGEST_WAIT_MS, wait))
  }
}

function socketTo(url: string): Transport {
  return createHttpTransport(url, { silenceMs: PATIENCE_MS })
}

/** The answer's body is thrown away unread. */
async function attempt(send: Transport, url: string, body: string): Promise<Outcome> {
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS)
    const headers = { 'content-type': 'application/json', 'user-agent': 'fds-system' }
    const query = new URL(url).search.slice(1)
    const answer = await send({ method: 'POST', path: '', query, headers, body, signal })
    answer.body.on('error', () => {}).resume()
    return answer
  } catch (cause) {
    return { cause }
  }
}

function failureOf(outcome: Outcome): string {
  if (!isAnswer(outcome)) return `no answer (${reasonOf(outcome.cause)})`
  const isMoved = outcome.status >= 300 && outcome.status < 400
  return isMoved ? `a redirection (HTTP ${outcome.status}), which is not followed` : `HTTP ${outcome.status}`
}
