import type { FastifyInstance } from 'fastify'
import { FdsError } from '../../errors.ts'
import type { Logger } from '../../log.ts'
import type { DecisionLog } from '../log/decision-log.ts'
import type { GuardCounts } from '../telemetry/guard-counts.ts'
import { type ClientRequest, clientOf, createRateLimiter } from './limit-rate.ts'
import { createLoadShedder, type LoadBounds } from './shed-load.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Answers whatever the load is: who watches the service must see it then. */
    readonly always?: boolean
  }
}

/** Keeps load from the service that it cannot carry. */
export interface LoadGate {
  /** Lets the request in, or throws OVERLOADED or RATE_LIMITED; both are counted. */
  pass(request: ClientRequest): void
  close(): void
}

export interface LoadGateInput {
  readonly log: Pick<DecisionLog, 'depth'>
  readonly telemetry: Pick<GuardCounts, 'shed' | 'rateLimited'>
  readonly logger: Logger
  readonly now: () => number
  readonly rateLimit?: number | undefined
  readonly bounds?: LoadBounds
}

export function createLoadGate({ log, telemetry, logger, now, rateLimit, bounds }: LoadGateInput): LoadGate {
  const shedder = createLoadShedder({ waiting: () => log.depth, logger, ...(bounds && { bounds }) })
  const limiter = rateLimit === undefined ? undefined : createRateLimiter({ perSecond: rateLimit, now })
  return {
    pass: (request) => {
      const overload = shedder.shedding()
      if (overload) {
        telemetry.shed(overload)
        throw new FdsError('OVERLOADED', {})
      }
      const seconds = limiter?.take(clientOf(request)) ?? 0
      if (seconds === 0) return
      telemetry.rateLimited()
      throw new FdsError('RATE_LIMITED', { perSecond: limiter!.perSecond, retryAfterSeconds: seconds })
    },
    close: () => shedder.close(),
  }
}

/** Sends every request of these routes through the gate, before its body is read. */
export function guardLoad(app: FastifyInstance, gate: LoadGate): void {
  app.addHook('onRequest', (request, _reply, done) => {
    const { everybody, always } = request.routeOptions.config
    if (!everybody && !always) gate.pass(request)
    done()
  })
}
