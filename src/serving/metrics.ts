import type { FastifyInstance } from 'fastify'
import { TextSchema } from './schemas.ts'
import type { Service } from './service.ts'

const SCHEMA = {
  summary: 'Metrics in the Prometheus text format',
  tags: ['operation'],
  response: { 200: { description: 'Metrics', content: { 'text/plain': { schema: TextSchema } } } },
}

/** `GET /metrics`. */
export function routeMetrics(app: FastifyInstance, { telemetry }: Service): void {
  app.get('/metrics', { schema: SCHEMA }, async (_, reply) => {
    reply.type(telemetry.contentType)
    return telemetry.exposition()
  })
}
