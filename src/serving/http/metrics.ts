import type { FastifyInstance } from 'fastify'
import type { MetricSnapshot } from '../telemetry/join-metrics.ts'
import { TextSchema } from './schemas.ts'
import type { Service } from './service.ts'

/** Joins this process's metrics with those of others: given how to read its own, it gives how to read all. */
export type ShareMetrics = (own: () => Promise<MetricSnapshot>) => () => Promise<string>

const SCHEMA = {
  summary: 'Metrics in the Prometheus text format',
  description: 'Of all workers, whichever of them is asked.',
  tags: ['operation'],
  response: { 200: { description: 'Metrics', content: { 'text/plain': { schema: TextSchema } } } },
}

/** `GET /metrics`, with the series of the tracking server that is mounted. */
export function routeMetrics(app: FastifyInstance, service: Service): void {
  const { telemetry, tracking, shareMetrics } = service
  const snapshot = async () => [
    ...(await telemetry.snapshot()),
    ...((await tracking?.metrics.snapshot()) ?? []),
  ]
  const own = async () => (await telemetry.exposition()) + ((await tracking?.metrics.exposition()) ?? '')
  const exposition = shareMetrics?.(snapshot) ?? own
  app.get('/metrics', { schema: SCHEMA, config: { always: true } }, async (_, reply) => {
    reply.type(telemetry.contentType)
    return exposition()
  })
}
