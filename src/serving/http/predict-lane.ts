import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyInstance } from 'fastify'
import type { Arm } from '../../monitoring/experiments/assign.ts'
import { CLIENT_CLOSED } from '../telemetry/count-requests.ts'
import { decideOne, toAnswer } from './decide.ts'
import { ANSWER_HEADERS, isLoopback, isPlainLoopback } from './guard-browser.ts'
import { errorAnswer } from './handle-errors.ts'
import { JSON_TYPE, textOf } from './parse-bodies.ts'
import { parseRows } from './parse-rows.ts'
import { ANSWER_TYPE, PREDICT_LIMIT } from './predict.ts'
import { arrayText, BATCH_LIMIT, decideMany } from './predict-batch.ts'
import { durabilityOf, type Service } from './service.ts'

/** What the app lends to the lane. */
export interface LaneInput {
  readonly service: Service
  /** A request is under way. */
  readonly begin: () => void
  /** It is over. */
  readonly end: () => void
  readonly isClosing: () => boolean
  readonly bodyTimeoutMs: number
}

/** One request in the lane. */
interface Call {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly endpoint: Endpoint
  readonly id: string
  /** By the service's steady clock. */
  readonly started: number
  arm: Arm | 'none'
}

type Endpoint = keyof typeof LIMITS

const LIMITS = { '/predict': PREDICT_LIMIT, '/predict/batch': BATCH_LIMIT } as const
const STATIC_HEADERS = Object.entries({ ...ANSWER_HEADERS, 'content-type': ANSWER_TYPE }).flat()
/** How often bodies that take too long are looked for. */
const LOOK_MS = 1000

/**
 * Answers the usual `POST /predict` and `/predict/batch` on node:http itself, at two thirds of the framework's cost:
 * JSON of a stated length, from a caller who needs no credential. Every other request goes to the framework, whose
 * routes give the same answers.
 */
export function openPredictLane(app: FastifyInstance, input: LaneInput): void {
  const lane = new PredictLane(input)
  const handlers = app.server.listeners('request') as ((...args: unknown[]) => void)[]
  app.server.removeAllListeners('request')
  app.server.on('request', (request, response) => {
    if (lane.take(request, response)) return
    for (const handle of handlers) handle.call(app.server, request, response)
  })
  app.addHook('onClose', async () => lane.close())
}

class PredictLane {
  readonly #input: LaneInput
  readonly #service: Service
  readonly #isGuarded: boolean
  readonly #isOpen: boolean
  /** Requests whose bodies are on their way, by the time until which they may be. */
  readonly #arriving = new Map<IncomingMessage, number>()
  readonly #looking: NodeJS.Timeout

  constructor(input: LaneInput) {
    const { host, access } = input.service
    this.#input = input
    this.#service = input.service
    this.#isGuarded = host !== undefined && isLoopback(host)
    this.#isOpen = access === undefined || access.anonymous === 'read'
    this.#looking = setInterval(() => this.#breakOff(this.#service.ticks()), LOOK_MS).unref()
  }

  /** Answers the request if it is a usual one, and says whether it is. */
  take(request: IncomingMessage, response: ServerResponse): boolean {
    const endpoint = this.#endpointOf(request)
    if (endpoint === undefined) return false
    const id = this.#service.createId()
    const call: Call = { request, response, endpoint, id, started: this.#service.ticks(), arm: 'none' }
    this.#input.begin()
    this.#service.telemetry.requestStarted()
    response.once('close', () => this.#end(call))
    this.#read(call)
    return true
  }

  close(): void {
    clearInterval(this.#looking)
  }

  #endpointOf({ method, url, headers }: IncomingMessage): Endpoint | undefined {
    if (method !== 'POST' || (url !== '/predict' && url !== '/predict/batch')) return undefined
    const length = Number(headers['content-length'])
    const type = headers['content-type']
    const isUsual =
      length > 0 &&
      length <= LIMITS[url] &&
      (type === JSON_TYPE || type === ANSWER_TYPE) &&
      headers['transfer-encoding'] === undefined &&
      headers.expect === undefined &&
      this.#isOpen &&
      (!this.#isGuarded || isPlainLoopback(headers))
    return isUsual ? url : undefined
  }

  #read(call: Call): void {
    const { request } = call
    const chunks: Buffer[] = []
    this.#arriving.set(request, call.started + this.#input.bodyTimeoutMs)
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.once('end', () => {
      this.#arriving.delete(request)
      void this.#answer(call, chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks))
    })
  }

  async #answer(call: Call, body: Buffer): Promise<void> {
    const service = this.#service
    try {
      service.gate.pass(call.request)
      if (call.endpoint === '/predict') {
        const decision = await decideOne(service, textOf(body), service.ticks() - call.started)
        call.arm = decision.arm
        this.#send(call, 200, durabilityOf(service), JSON.stringify(toAnswer(decision)))
      } else {
        const elapsed = () => service.ticks() - call.started
        const decisions = await decideMany(service, () => parseRows(textOf(body)), elapsed)
        if (decisions[0]) call.arm = decisions[0].arm
        this.#send(call, 200, durabilityOf(service), arrayText(decisions))
      }
    } catch (error) {
      this.#refuse(call, error)
    }
  }

  #refuse(call: Call, error: unknown): void {
    const { id: requestId, endpoint } = call
    const { status, headers, body } = errorAnswer(error, {
      requestId,
      endpoint,
      logger: this.#service.logger,
    })
    this.#send(call, status, headers, JSON.stringify(body))
  }

  #send(call: Call, status: number, headers: Readonly<Record<string, string>>, text: string): void {
    const bytes = Buffer.byteLength(text)
    const all = [...STATIC_HEADERS, 'x-request-id', call.id, 'content-length', String(bytes)]
    for (const name in headers) all.push(name, headers[name]!)
    if (this.#input.isClosing()) all.push('connection', 'close')
    call.response.writeHead(status, all)
    // a text of ASCII is written faster as such
    call.response.end(text, bytes === text.length ? 'latin1' : 'utf8')
  }

  #end({ request, response, endpoint, arm, started }: Call): void {
    this.#arriving.delete(request)
    this.#input.end()
    const status = response.writableEnded ? response.statusCode : CLIENT_CLOSED
    const seconds = (this.#service.ticks() - started) / 1000
    this.#service.telemetry.requestEnded({ endpoint, status, arm, seconds })
  }

  #breakOff(now: number): void {
    for (const [request, until] of this.#arriving) {
      if (now > until) request.destroy()
    }
  }
}
