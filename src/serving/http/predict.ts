import type { FastifyInstance } from 'fastify'
import { draftDecision, recordDrafts, toAnswer } from './decide.ts'
import { DecisionSchema, ErrorSchema, TransactionSchema } from './schemas.ts'
import { DURABILITY, type Service } from './service.ts'

const BODY_LIMIT = 1024 * 1024

const SCHEMA = {
  summary: 'Decide on one transaction',
  tags: ['decisions'],
  body: TransactionSchema,
  response: { 200: DecisionSchema, '4xx': ErrorSchema, '5xx': ErrorSchema },
}

/** `POST /predict`: scores a transaction, stores the decision, and only then answers. */
export function routePredict(app: FastifyInstance, service: Service): void {
  const options = { schema: SCHEMA, bodyLimit: BODY_LIMIT, config: { open: true } }
  app.post('/predict', options, async (request, reply) => {
    const draft = await draftDecision(service, request.body, reply.elapsedTime)
    const [decision] = await recordDrafts(service, [draft])
    request.arm = decision!.arm
    reply.headers(DURABILITY)
    return toAnswer(decision!)
  })
}
