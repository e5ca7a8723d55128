import { setTimeout as sleep } from 'node:timers/promises'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Logger } from '../../log.ts'
import type { AccessPolicy, TrackingServer } from '../../tracking/index.ts'
import { limitBodyTime } from '../../tracking/server/body-deadline.ts'
import { type AssignmentRule, createArmChooser } from '../experiments/choose-arm.ts'
import type { ExperimentDesk } from '../experiments/experiment-desk.ts'
import type { ExperimentHealth } from '../experiments/experiment-health.ts'
import { createShadowQueue } from '../experiments/shadow-queue.ts'
import type { DecisionLog } from '../log/decision-log.ts'
import type { ModelSource } from '../models/model-source.ts'
import { createFallback, type Fallback } from '../models/score-or-fallback.ts'
import { countRequest } from '../telemetry/count-requests.ts'
import { createTelemetry } from '../telemetry/telemetry.ts'
import { routeAbTest } from './ab-test.ts'
import { routeDecisions } from './decisions.ts'
import { routeDocs } from './docs.ts'
import { ANSWER_HEADERS, guardLoopback, isLoopback } from './guard-browser.ts'
import { createLoadGate, guardLoad } from './guard-load.ts'
import { guardState } from './guard-state.ts'
import { handleErrors, refuseBrokenHttp, sendError } from './handle-errors.ts'
import { routeHealth } from './health.ts'
import { routeLabels } from './labels.ts'
import { routeMetrics, type ShareMetrics } from './metrics.ts'
import { parseJsonBodies } from './parse-bodies.ts'
import { routePredict } from './predict.ts'
import { routePredictBatch } from './predict-batch.ts'
import { openPredictLane } from './predict-lane.ts'
import { refuseOtherMethods } from './refuse-other-methods.ts'
import { createTurns, type Service } from './service.ts'
import { routeStartPage } from './start-page.ts'

/** What the app needs from outside; it takes over `models` and `log` and closes both when it closes. */
export interface AppDependencies {
  /** The served models, as `watchModels` gives them. */
  readonly models: ModelSource
  readonly log: DecisionLog
  readonly logger: Logger
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Milliseconds by a clock that is never set, such as `performance.now`, for latencies; `now` unless given. */
  readonly ticks?: () => number
  /** Makes ids of requests and of transactions that came without one, such as `randomUUID`. */
  readonly createId: () => string
  /** Who may do what; everybody everything when absent. The tracking server has its own guard, given the same. */
  readonly access?: AccessPolicy | undefined
  /** The address the server will be bound to; a loopback address turns the Host and Origin checks on. */
  readonly host?: string
  /** The experiment that is running, as last read from the store; none when absent. */
  readonly experiment?: () => AssignmentRule | undefined
  /** How that experiment is doing, for the metrics; without it they say nothing of experiments. */
  readonly experimentHealth?: ExperimentHealth | undefined
  /** Starts, judges and ends experiments; without it `/ab-test/*` is refused. */
  readonly desk?: ExperimentDesk | undefined
  /** What is answered when no model can score; `none`, a refusal, by default. */
  readonly fallback?: Fallback | undefined
  /** Requests a second that one client may send; no limit when absent. */
  readonly rateLimit?: number | undefined
  /** Joins the metrics of several workers; those of this process alone when absent. */
  readonly shareMetrics?: ShareMetrics | undefined
  /** What else makes the service degraded, such as a worker that is missing. */
  readonly troubles?: () => readonly string[]
  /** The embedded tracking server, whose routes are mounted beside ours. The caller closes it after the app. */
  readonly tracking?: Pick<TrackingServer, 'routes' | 'metrics'>
}

/** A decoded transaction id of 128 characters takes up to nine times as many in a path. */
const MAX_PARAM_LENGTH = 9 * 128
/** A call that is not here whole by then is broken off, so that a slow sender holds nothing for long. */
const BODY_TIMEOUT_MS = 30_000
/** An artifact that is uploaded to the tracking server may take longer. */
const REQUEST_TIMEOUT_MS = 3_600_000
const HEADERS_TIMEOUT_MS = 15_000
/** How often Node looks for senders that are too slow. */
const CHECK_MS = 2000
/** So long the app still answers after it was told to close. */
const FAREWELL_MS = 300
/** Answers that are under way then have this long. */
const DRAIN_MS = 10_000
const DRAIN_LOOK_MS = 50

/**
 * Builds the HTTP service: `/predict`, `/predict/batch`, `/labels`, `/decisions/{transaction_id}`, `/health`,
 * `/ready`, `/metrics`, `/openapi.json`, `/docs`, the start page, and MLflow's paths where a tracking server is
 * given. Every answer that is not a success has the one error shape. `close()` stops accepting, lets requests
 * that are under way finish, stores what waits, and closes `models` and `log`.
 */
export function buildApp(dependencies: AppDependencies): FastifyInstance {
  const { logger, createId, tracking } = dependencies
  const service = createService(dependencies)
  let underWay = 0
  let isClosing = false
  const begin = (request: FastifyRequest, reply: FastifyReply): void => {
    request.arm = 'none'
    underWay++
    reply.raw.once('close', () => underWay--)
    reply.headers({ 'x-request-id': request.id, ...ANSWER_HEADERS })
    countRequest(service.telemetry, request, reply)
  }
  const app = Fastify({
    genReqId: createId,
    // requests that arrive on an open connection while the app closes are answered like all others
    return503OnClosing: false,
    requestTimeout: REQUEST_TIMEOUT_MS,
    http: { headersTimeout: HEADERS_TIMEOUT_MS, connectionsCheckingInterval: CHECK_MS },
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    clientErrorHandler: refuseBrokenHttp,
    // a path that cannot be read meets no hook
    frameworkErrors: (error, request, reply) => {
      begin(request, reply)
      sendError({ error, request, reply, logger })
    },
  })
  limitBodyTime(app, BODY_TIMEOUT_MS)
  app.decorateRequest('arm', 'none')
  app.addHook('onRequest', (request, reply, done) => {
    begin(request, reply)
    done()
  })
  // Fastify starts a request's clock (reply.elapsedTime) only where something listens for the answer
  app.addHook('onResponse', (_request, _reply, done) => done())
  handleErrors(app, logger)
  app.register(async (scope) => routeAll(scope, service))
  if (tracking) app.register(tracking.routes)
  app.addHook('preClose', async () => {
    isClosing = true
  })
  openPredictLane(app, {
    service,
    begin: () => underWay++,
    end: () => underWay--,
    isClosing: () => isClosing,
    bodyTimeoutMs: BODY_TIMEOUT_MS,
  })
  closeTogether(app, service, () => underWay > 0)
  return app
}

function createService(dependencies: AppDependencies): Service {
  const {
    models,
    log,
    now,
    logger,
    rateLimit,
    fallback = 'none',
    experiment = () => undefined,
  } = dependencies
  const telemetry = createTelemetry({
    models,
    log,
    now,
    shadowsWaiting: () => shadows.depth,
    experiment: dependencies.experimentHealth,
  })
  const { shadowed: count, disagreed } = telemetry
  const shadows = createShadowQueue({ log, now, logger, count, disagreed })
  const ticks = dependencies.ticks ?? now
  return {
    ...dependencies,
    ticks,
    telemetry,
    shadows,
    choose: createArmChooser({ models, current: experiment }),
    scoreOrFallback: createFallback({ models, mode: fallback, logger, onFallback: telemetry.fellBack }),
    gate: createLoadGate({ log, telemetry, logger, now, rateLimit }),
    inTurn: createTurns(),
  }
}

async function routeAll(app: FastifyInstance, service: Service): Promise<void> {
  if (service.host !== undefined && isLoopback(service.host)) guardLoopback(app)
  if (service.access) guardState(app, service.access)
  guardLoad(app, service.gate)
  // the schemas document and write answers; bodies are checked by the routes, in the words of the domain
  app.setValidatorCompiler(() => () => true)
  parseJsonBodies(app)
  await routeDocs(app)
  const refuse = refuseOtherMethods(app)
  await app.register((scope) => routePredict(scope, service))
  await app.register((scope) => routePredictBatch(scope, service))
  await app.register((scope) => routeLabels(scope, service))
  routeDecisions(app, service)
  routeAbTest(app, service)
  routeHealth(app, service)
  routeMetrics(app, service)
  routeStartPage(app, service)
  refuse()
}

function closeTogether(app: FastifyInstance, service: Service, isBusy: () => boolean): void {
  const { models, log, shadows, gate } = service
  const timers: NodeJS.Timeout[] = []
  // a connection falls idle when its last answer has left; without this its caller would have to go first
  const release = () => {
    if (isBusy()) app.server.closeIdleConnections()
    else app.server.closeAllConnections()
  }
  const sayFarewell = async () => {
    // every answer now says "connection: close", so that busy callers leave without a broken request
    await sleep(FAREWELL_MS)
    timers.push(setInterval(release, DRAIN_LOOK_MS))
    timers.push(setTimeout(() => app.server.closeAllConnections(), DRAIN_MS))
  }
  let farewell: Promise<void> | undefined
  // Fastify runs the hook once for each scope
  app.addHook('preClose', () => {
    farewell ??= sayFarewell()
    return farewell
  })
  // runs after the last answer
  app.addHook('onClose', async () => {
    for (const timer of timers) clearTimeout(timer)
    gate.close()
    await models.close()
    await shadows.close()
    await log.close()
  })
}
