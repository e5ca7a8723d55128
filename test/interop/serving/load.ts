// Load on a service by many connections at once, that remembers everything it was promised.
import assert from 'node:assert/strict'
import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

export interface Answer {
  readonly transaction_id: string
  readonly fraud_probability: number
  readonly risk_level: string
  readonly model: { readonly name: string; readonly version: string }
}

/** One request that was answered, in milliseconds since 1970. */
export interface Reply {
  readonly status: number
  readonly answer: Answer
  readonly sent: number
  readonly received: number
}

export interface Load {
  /** Every decision that was acknowledged (200), by its transaction id. */
  readonly acknowledged: ReadonlyMap<string, Answer>
  readonly statuses: ReadonlyMap<number, number>
  /** Connections that broke or were refused. */
  broken(): number
  /** Sends to another address from now on; undefined pauses. */
  direct(address: string | undefined): void
  stop(): Promise<void>
}

export interface LoadOptions {
  readonly address: string
  /** Starts every transaction id. */
  readonly prefix: string
  readonly connections?: number
  /** The share of requests that repeat an acknowledged transaction, and whose answer must be the same. */
  readonly repeats?: number
  readonly onReply?: (reply: Reply) => void
}

export function startLoad(options: LoadOptions): Load {
  const { address, prefix, connections = 16, repeats = 0.05, onReply } = options
  const acknowledged = new Map<string, Answer>()
  const known: string[] = []
  const statuses = new Map<number, number>()
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  let target: string | undefined = address
  let count = 0
  let broken = 0
  let isStopped = false

  const sendOne = async () => {
    const isRepeat = known.length > 0 && Math.random() < repeats
    const id = isRepeat ? known[Math.floor(Math.random() * known.length)]! : `${prefix}-${count++}`
    const reply = await send(target!, paymentOf(id), agent)
    statuses.set(reply.status, (statuses.get(reply.status) ?? 0) + 1)
    onReply?.(reply)
    if (reply.status !== 200) return void (await sleep(20))
    const before = acknowledged.get(id)
    if (before) assert.deepEqual(reply.answer, before, 'a repeated transaction was answered otherwise')
    else known.push(id)
    acknowledged.set(id, reply.answer)
  }
  const work = async () => {
    while (!isStopped) {
      if (target === undefined) await sleep(10)
      else {
        await sendOne().catch(async (error) => {
          if (error instanceof assert.AssertionError) throw error
          broken++
          await sleep(10)
        })
      }
    }
  }
  const running = Promise.all(Array.from({ length: connections }, work))
  // a contradiction shows at stop()
  running.catch(() => {})
  return {
    acknowledged,
    statuses,
    broken: () => broken,
    direct: (to) => {
      target = to
    },
    stop: async () => {
      isStopped = true
      await running
      agent.destroy()
    },
  }
}

/** The payment that belongs to an id, always the same. */
export function paymentOf(id: string) {
  const n = [...id].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 9973, 7)
  return { transaction_id: id, customer_id: `c${n % 500}`, amount: n / 10 }
}

/** Asks for a decision; rejects when the connection breaks or is silent for 10 s. */
export function send(address: string, payment: object, agent?: Agent): Promise<Reply> {
  const body = JSON.stringify(payment)
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
  const sent = Date.now()
  return new Promise((resolve, reject) => {
    const options = { method: 'POST', headers, timeout: 10_000, ...(agent && { agent }) }
    const outgoing = request(`${address}/predict`, options, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk) => {
        text += chunk
      })
      response.on('error', reject)
      response.on('end', () => {
        if (!response.complete) return reject(new Error('the answer broke off'))
        const answer = JSON.parse(text) as Answer
        resolve({ status: response.statusCode!, answer, sent, received: Date.now() })
      })
    })
    outgoing.on('error', reject)
    outgoing.on('timeout', () => outgoing.destroy(new Error('no answer within 10 s')))
    outgoing.end(body)
  })
}
