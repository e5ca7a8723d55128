import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'

const DOCUMENT = {
  openapi: '3.1.0',
  info: {
    title: 'fds-system',
    version: '1',
    description: 'Fraud decisions on card payments: score, decide, store, label, watch.',
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
  },
  tags: [
    { name: 'decisions', description: 'Score transactions and read what was decided' },
    { name: 'labels', description: 'What transactions turned out to be' },
    { name: 'operation', description: 'Health, readiness and metrics' },
  ],
}

/** The viewer runs its own scripts and styles and reaches this server alone. */
const DOCS_POLICY = {
  'default-src': ["'none'"],
  'script-src': ["'self'"],
  'style-src': ["'self'", "'unsafe-inline'"],
  'img-src': ["'self'", 'data:'],
  'connect-src': ["'self'"],
  'base-uri': ["'none'"],
  'frame-ancestors': ["'none'"],
}

/** `GET /openapi.json` and its viewer at `/docs`, for the routes added after this. */
export async function routeDocs(app: FastifyInstance): Promise<void> {
  await app.register(swagger, { openapi: DOCUMENT })
  await app.register(swaggerUi, { routePrefix: '/docs', staticCSP: DOCS_POLICY })
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger())
}
