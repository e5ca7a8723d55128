import type { FastifyInstance } from 'fastify'
import { refuse } from '../protocol/refusal.ts'

/**
 * What MLflow's own web page asks besides the calls of the protocol, so that it could be served from elsewhere: no
 * gateway behind this server, no telemetry, and no GraphQL, which serves that page's run view alone and would be a
 * second way to every call.
 */
export function addPageRoutes(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  // what these calls carry is not read
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_, __, done) => done(null))
  const answer = (method: ('GET' | 'POST')[], url: string, value: object) =>
    app.route({ ...READS, method, url, handler: async () => value })
  for (const prefix of ['/api/3.0/mlflow', PAGE]) {
    answer(['GET'], `${prefix}/server-info`, { store_type: 'SqlStore', workspaces_enabled: false })
  }
  answer(['GET', 'POST'], '/ajax-api/2.0/mlflow/gateway-proxy', { endpoints: [] })
  answer(['GET'], `${PAGE}/ui-telemetry`, NO_TELEMETRY)
  answer(['POST'], `${PAGE}/ui-telemetry`, { status: 'disabled' })
  app.route({
    ...READS,
    method: ['GET', 'POST'],
    url: '/graphql',
    handler: () => refuse('NOT_IMPLEMENTED', NO_GRAPHQL),
  })
  // a doubled slash at the start, which MLflow's server forgives; what is answered begins with one, so names no host
  app.all('//*', READS, (request, reply) => reply.redirect(request.url.replace(/^\/+/, '/'), 308))
  for (const url of ['/api/3.0/mlflow/*', `${PAGE}/*`]) {
    app.all(url, READS, (request) => {
      const path = request.url.split('?')[0]!.slice(0, 200)
      return refuse('ENDPOINT_NOT_FOUND', `No endpoint ${request.method} ${path}`)
    })
  }
}

const READS = { config: { effect: 'read' } } as const
const PAGE = '/ajax-api/3.0/mlflow'
const NO_TELEMETRY = { disable_ui_telemetry: true, disable_ui_events: [], ui_rollout_percentage: 0 }
const NO_GRAPHQL =
  'GraphQL is not supported here: every call of it has a twin in the REST API (runs/get, runs/search)'
