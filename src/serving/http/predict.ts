import type { FastifyInstance } from 'fastify'
import { decideOne, toAnswer } from './decide.ts'
import { JSON_TYPE, takeTexts } from './parse-bodies.ts'
import { DecisionSchema, ErrorSchema, TransactionSchema } from './schemas.ts'
import { durabilityOf, type Service } from './service.ts'

export const PREDICT_LIMIT = 1024 * 1024

const SCHEMA = {
  summary: 'Decide on one transaction',
  tags: ['decisions'],
  body: TransactionSchema,
  response: { 200: DecisionSchema, '4xx': ErrorSchema, '5xx': ErrorSchema },
}

/** `POST /predict`: scores a transaction, stores the decision, and only then answers. */
export async function routePredict(app: FastifyInstance, service: Service): Promise<void> {
  takeTexts(app, [JSON_TYPE])
  const options = { schema: SCHEMA, bodyLimit: PREDICT_LIMIT, config: { open: true } }
  app.post('/predict', options, async (request, reply) => {
    const decision = await decideOne(service, request.body as string, reply.elapsedTime)
    request.arm = decision.arm
    reply.headers(durabilityOf(service)).type(ANSWER_TYPE)
    return JSON.stringify(toAnswer(decision))
  })
}

export const ANSWER_TYPE = 'application/json; charset=utf-8'
