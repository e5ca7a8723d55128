import {
  Counter,
  collectDefaultMetrics,
  Gauge,
  Histogram,
  type MetricObjectWithValues,
  type MetricValue,
  Registry,
} from '@prometheus-io/client'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { API_PREFIXES } from '../protocol/endpoints.ts'

/** What Prometheus reads of one tracking server. */
export interface TrackingMetrics {
  readonly contentType: string
  /** The Prometheus text format, version 0.0.4. */
  exposition(): Promise<string>
  /** The same as data, to be joined with those of other processes. */
  snapshot(): Promise<readonly Omit<MetricObjectWithValues<MetricValue<string>>, 'collect'>[]>
}

export interface RequestMetrics extends TrackingMetrics {
  /** Counts the requests of every route of the app, refused ones too. */
  count(app: FastifyInstance): void
  /** Adds the metrics of this process, for a server that has it to itself. */
  addProcess(): void
}

/**
 * The names of MLflow's own exporter (prometheus_flask_exporter with the prefix `mlflow`), by route pattern besides:
 * `mlflow_http_request_total` by `method`, `endpoint` and `status`, `mlflow_http_request_duration_seconds` by `endpoint`
 * alone, and `mlflow_http_requests_in_progress`. As there, `/health`, `/version` and `/metrics` are left out. No label
 * holds anything that a client wrote; both prefixes of the API count as one, so that all routes together stay below
 * 1,000 series.
 */
export function createRequestMetrics(): RequestMetrics {
  const registry = new Registry()
  const requests = new Counter({ ...REQUESTS, registers: [registry] })
  const duration = new Histogram({ ...DURATION, registers: [registry] })
  const inProgress = new Gauge({ ...IN_PROGRESS, registers: [registry] })
  return {
    contentType: registry.contentType,
    exposition: () => registry.metrics(),
    snapshot: () => registry.getMetricsAsJSON(),
    addProcess: () => collectDefaultMetrics({ register: registry }),
    count: (app) => {
      app.addHook('onRequest', (request, reply, done) => {
        if (isCounted(request)) {
          inProgress.inc()
          // "close" follows an answer and a broken connection alike
          reply.raw.once('close', () => {
            const status = reply.raw.writableEnded ? reply.raw.statusCode : CLIENT_CLOSED
            const endpoint = endpointOf(request)
            inProgress.dec()
            requests.inc({ method: request.method, endpoint, status })
            duration.observe({ endpoint }, reply.elapsedTime / 1000)
          })
        }
        done()
      })
      // Fastify starts a request's clock (reply.elapsedTime) only where something listens for the answer
      app.addHook('onResponse', (_request, _reply, done) => done())
    },
  }
}

/** `GET /metrics` of a server that has its process to itself. */
export function addMetricsRoute(app: FastifyInstance, metrics: RequestMetrics): void {
  metrics.addProcess()
  app.get('/metrics', { config: { effect: 'read' } }, async (_, reply) => {
    reply.type(metrics.contentType)
    return metrics.exposition()
  })
}

const REQUESTS = {
  name: 'mlflow_http_request_total',
  help: 'Requests answered, by method, route pattern and HTTP status',
  labelNames: ['method', 'endpoint', 'status'] as const,
}
const DURATION = {
  name: 'mlflow_http_request_duration_seconds',
  help: 'Seconds from the arrival of a request to the end of its answer',
  labelNames: ['endpoint'] as const,
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
}
const IN_PROGRESS = {
  name: 'mlflow_http_requests_in_progress',
  help: 'Requests being processed now',
}

/** What proxies call a caller that left before the answer. */
const CLIENT_CLOSED = 499
const UNCOUNTED = new Set(['/health', '/version', '/metrics'])

function endpointOf({ routeOptions: { url = 'unknown' } }: FastifyRequest): string {
  const [api, ajax] = API_PREFIXES
  return url.startsWith(ajax) ? api + url.slice(ajax.length) : url
}

function isCounted({ routeOptions }: FastifyRequest): boolean {
  return !UNCOUNTED.has(routeOptions.url ?? '')
}
