import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { type FastifyInstance, fastify } from 'fastify'
import type { Logger } from '../../log.ts'
import { MLFLOW_STATUS, refuse } from '../protocol/refusal.ts'
import { createErrorHandler } from './answer-error.ts'
import { limitBodyTime } from './body-deadline.ts'
import type { TrackingServer } from './tracking-server.ts'

/** Headers that are not here whole by then, and connections that say nothing for so long, are dropped. */
const HEADERS_TIMEOUT_MS = 15_000
const SILENCE_MS = 120_000
/** The body of a call is here by then. */
const BODY_TIMEOUT_MS = 30_000
/** A large artifact may take long; beyond this an upload is a fault or an attack. */
const REQUEST_TIMEOUT_MS = 3_600_000
/** How often Node looks for senders that are too slow. */
const CHECK_MS = 2000

/**
 * The tracking server as an app of its own, with `/health` and `/metrics`, ready to listen. Slow senders are cut off;
 * what is no HTTP and what no route has is answered in MLflow's error shape too. Closing the app leaves the server
 * open.
 */
export function createTrackingApp(server: Pick<TrackingServer, 'routes'>, logger: Logger): FastifyInstance {
  const answerError = createErrorHandler(logger)
  const app = fastify({
    connectionTimeout: SILENCE_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    http: { headersTimeout: HEADERS_TIMEOUT_MS, connectionsCheckingInterval: CHECK_MS },
    clientErrorHandler: refuseBrokenHttp,
    // a path that cannot be read meets no route and no error handler
    frameworkErrors: answerError,
    forceCloseConnections: 'idle',
    // ids longer than any that MLflow gives are unknown, not unroutable
    routerOptions: { maxParamLength: 1000 },
    schemaController: NO_SCHEMAS,
  })
  limitBodyTime(app, BODY_TIMEOUT_MS)
  app.setErrorHandler(answerError)
  app.setNotFoundHandler(() =>
    refuse('ENDPOINT_NOT_FOUND', "This server has MLflow's REST API alone; see /version"),
  )
  app.register(server.routes, { health: true, metrics: true })
  return app
}

/** No route has a JSON schema; Fastify would load its compilers for them all the same, at a sixth of the start-up. */
const NO_SCHEMAS = {
  compilersFactory: { buildValidator: noSchema, buildSerializer: noSchema },
}

function noSchema(): never {
  throw new Error('a route of the tracking server has a schema, whose compiler is not loaded')
}

/** Answers bytes that are not HTTP, which never become a request. */
function refuseBrokenHttp(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const status = STATUS_OF[error.code ?? ''] ?? MLFLOW_STATUS.BAD_REQUEST
  const body = JSON.stringify({ error_code: 'BAD_REQUEST', message: 'The request is not valid HTTP' })
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nconnection: close\r\ncontent-type: application/json\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
}

const STATUS_OF: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
}
