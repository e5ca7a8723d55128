import type { FastifyInstance } from 'fastify'
import Type from 'typebox'
import type { ShadowScore, StoredDecision } from '../log/decision.ts'
import { toAnswer } from './decide.ts'
import { ErrorSchema, StoredDecisionSchema } from './schemas.ts'
import type { Service } from './service.ts'

const SCHEMA = {
  summary: 'A stored decision with its labels',
  tags: ['decisions'],
  params: Type.Object({ transaction_id: Type.String() }),
  response: { 200: StoredDecisionSchema, '4xx': ErrorSchema, '5xx': ErrorSchema },
}

/** `GET /decisions/{transaction_id}`: what was decided and what it turned out to be; the payment itself stays inside. */
export function routeDecisions(app: FastifyInstance, { log }: Service): void {
  app.get<{ Params: { transaction_id: string } }>(
    '/decisions/:transaction_id',
    { schema: SCHEMA },
    async (request, reply) => {
      reply.header('cache-control', 'no-store')
      return toStoredAnswer(await log.getDecision(request.params.transaction_id))
    },
  )
}

function toStoredAnswer(decision: StoredDecision) {
  return {
    ...toAnswer(decision),
    entity: decision.entity,
    event_time: decision.eventTime === null ? null : toIso(decision.eventTime),
    experiment: decision.experiment,
    failed_arm: decision.failedArm,
    shadow: decision.shadow && toShadowAnswer(decision.shadow),
    latency_ms: decision.latencyMs,
    created_at: toIso(decision.createdAt),
    labels: decision.labels.map(({ isFraud, labelTime, source, receivedAt }) => ({
      is_fraud: isFraud,
      label_time: toIso(labelTime),
      source,
      received_at: toIso(receivedAt),
    })),
  }
}

function toShadowAnswer({ arm, modelVersion, policyVersion, probability, riskLevel }: ShadowScore) {
  return {
    fraud_probability: probability,
    risk_level: riskLevel,
    model_version: arm,
    version: modelVersion,
    policy_version: policyVersion,
  }
}

function toIso(seconds: number): string {
  return new Date(seconds * 1000).toISOString()
}
