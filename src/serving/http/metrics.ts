import type { FastifyInstance } from 'fastify'
import { TextSchema } from './schemas.ts'
import type { Service } from './service.ts'

const SCHEMA = {
  summary: 'Metrics in the Prometheus text format',
  tags: ['operation'],
  response: { 200: { description: 'Metrics', content: { 'text/plain': { schema: TextSchema } } } },
}

/** `GET /metrics`, with the series of the tracking server that is mounted. */
export function routeMetrics(app: FastifyInstance, { telemetry, tracking }: Service): void {
  app.get('/metrics', { schema: SCHEMA }, async (_, reply) => {
    reply.type(telemetry.contentType)
    return (await telemetry.exposition()) + ((await tracking?.metrics.exposition()) ?? '')
  })
}
