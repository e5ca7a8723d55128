import type { FastifyInstance } from 'fastify'
import Type from 'typebox'
import { ARMS, requireChampion } from '../models/model-source.ts'
import { ErrorSchema } from './schemas.ts'
import type { Service } from './service.ts'

const HEALTH_SCHEMA = {
  summary: 'The process is alive',
  tags: ['operation'],
  response: { 200: Type.Object({ status: Type.Literal('ok') }) },
}

const READY_SCHEMA = {
  summary: 'A champion is loaded and the decision log can be written',
  description:
    '`degraded` still serves: the last good model, while a newer one could not be loaded or looked up; fewer ' +
    'workers than wanted; or experiments as they were last read.',
  tags: ['operation'],
  response: {
    200: Type.Object({
      status: Type.Union([Type.Literal('ready'), Type.Literal('degraded')]),
      model: Type.Object({ name: Type.String(), version: Type.String() }),
      reasons: Type.Array(Type.String()),
    }),
    '5xx': ErrorSchema,
  },
}

/** `GET /health` and `GET /ready`. */
export function routeHealth(app: FastifyInstance, { models, log, troubles }: Service): void {
  app.get('/health', { schema: HEALTH_SCHEMA, config: { everybody: true } }, async () => ({
    status: 'ok' as const,
  }))
  app.get('/ready', { schema: READY_SCHEMA, config: { everybody: true } }, async () => {
    const { scorer } = requireChampion(models)
    await log.checkWritable()
    const reasons = [...ARMS.flatMap((arm) => models.trouble(arm)?.message ?? []), ...(troubles?.() ?? [])]
    const { name, version } = scorer
    return { status: reasons.length > 0 ? 'degraded' : 'ready', model: { name, version }, reasons }
  })
}
