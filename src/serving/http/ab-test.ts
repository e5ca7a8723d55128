import type { FastifyInstance } from 'fastify'
import Type from 'typebox'
import { FdsError } from '../../errors.ts'
import { userOf } from '../../tracking/server/access.ts'
import {
  startAnswer,
  statusAnswer,
  toExperimentAnswer,
  toMoveAnswer,
} from '../experiments/experiment-answer.ts'
import type { ExperimentDesk } from '../experiments/experiment-desk.ts'
import { promoteChallenger, rollBackExperiment } from '../experiments/promote-challenger.ts'
import { reportPage } from '../experiments/report-page.ts'
import { parsePromotion, parseRamp, parseReason, parseStart } from './parse-experiment.ts'
import { ErrorSchema, TextSchema } from './schemas.ts'
import type { Service } from './service.ts'

const Reason = Type.Optional(Type.String({ maxLength: 1000, description: 'Kept in the audit' }))
const Margin = Type.Optional(Type.Union([Type.Number({ minimum: 0 }), Type.Null()]))
const Share = Type.Number({ minimum: 0, maximum: 1 })

const StartSchema = Type.Object(
  {
    mode: Type.Optional(Type.Enum(['ab', 'shadow'], { default: 'ab' })),
    traffic_split: Type.Optional({ ...Share, default: 0.1, description: "The challenger's share" }),
    coverage: Type.Optional({
      ...Share,
      default: 1,
      description: 'The part of all entities that takes part',
    }),
    min_samples: Type.Optional(Type.Integer({ default: 1000, description: 'Labelled decisions an arm' })),
    planned_samples: Type.Optional(
      Type.Integer({ default: 100_000, description: 'Labelled decisions at which it ends' }),
    ),
    alpha: Type.Optional(Type.Number({ default: 0.05 })),
    power: Type.Optional(Type.Number({ default: 0.8 })),
    horizon: Type.Optional(
      Type.Union([Type.Number(), Type.Null()], {
        default: null,
        description: 'Seconds after which a label counts; null takes labels as they arrive',
      }),
    ),
    loss_cap: Margin,
    primary: Type.Optional(Type.Enum(['cost', 'paired_cost'], { default: 'cost' })),
    guardrails: Type.Optional(
      Type.Object({
        cost: Margin,
        block_rate: Margin,
        latency_ms: Margin,
        error_rate: Margin,
        score_psi: Margin,
      }),
    ),
    auto_promote: Type.Optional(Type.Boolean({ default: false })),
    auto_rollback: Type.Optional(Type.Boolean({ default: false })),
    reason: Reason,
  },
  { additionalProperties: false },
)
const RampSchema = Type.Object({ coverage: Share, reason: Reason }, { additionalProperties: false })
const MoveSchema = Type.Object({ reason: Reason }, { additionalProperties: false })
const PromoteSchema = Type.Object(
  {
    force: Type.Optional(Type.Boolean({ default: false, description: 'Passes the gates; needs a reason' })),
    reason: Reason,
  },
  { additionalProperties: false },
)

const REPORT = {
  summary: 'The A/B test as a page: the effect over time, and what it means',
  tags: ['ab-test'],
  querystring: Type.Object({ lang: Type.Optional(Type.Enum(['ko', 'en'], { default: 'ko' })) }),
  response: { 200: { content: { 'text/html': { schema: TextSchema } } } },
}
/** The picture brings its own styles, and nothing else may run or load. */
const REPORT_POLICY = `default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`

const StatusSchema = Type.Object({ status: Type.String() }, { additionalProperties: true })
const ExperimentSchema = Type.Object({ id: Type.String() }, { additionalProperties: true })
const MovedSchema = Type.Object(
  {
    champion: Type.Union([Type.String(), Type.Null()], { description: 'The version that decides now' }),
    demoted: Type.Union([Type.String(), Type.Null()]),
    moved: Type.Boolean({ description: 'False when everything was so before' }),
  },
  { additionalProperties: true },
)

/** `/ab-test/status`, `report`, `start`, `ramp`, `stop`, `promote` and `rollback`: the experiments of the served model. */
export function routeAbTest(app: FastifyInstance, { desk: given }: Service): void {
  const desk = (): ExperimentDesk => given ?? refuseDesk()
  app.get('/ab-test/status', { schema: get('State and verdict of the A/B test') }, async (_, reply) => {
    reply.header('cache-control', 'no-store')
    return statusAnswer(desk())
  })
  app.get<{ Querystring: Record<string, unknown> }>(
    '/ab-test/report',
    { schema: REPORT },
    async (request, reply) => {
      const language = request.query['lang'] === 'en' ? 'en' : 'ko'
      reply.header('cache-control', 'no-store').header('content-security-policy', REPORT_POLICY)
      reply.type('text/html; charset=utf-8')
      return reportPage(await desk().status(), language)
    },
  )
  const route = (
    path: string,
    schema: object,
    act: (body: unknown, actor: string) => Promise<unknown>,
  ): void => {
    app.post(`/ab-test/${path}`, { schema }, (request) =>
      // the holder of the credential; anybody where none is asked for
      act(request.body, userOf(request) ?? 'anonymous'),
    )
  }
  route('start', post('Start an A/B test of champion and challenger', StartSchema), async (body, actor) => {
    const { reason, ...wishes } = parseStart(body)
    return startAnswer(desk(), await desk().start(wishes, { actor, reason }))
  })
  route('ramp', post('Bring more entities in; none changes its arm', RampSchema), async (body, actor) => {
    const { coverage, reason } = parseRamp(body)
    return toExperimentAnswer(await desk().ramp(coverage, { actor, reason }))
  })
  const stopping = post('End the A/B test: the champion decides for everybody', MoveSchema)
  route('stop', stopping, async (body, actor) => {
    const { reason } = parseReason(body)
    return toExperimentAnswer(await desk().stop({ actor, reason }))
  })
  const promotion = post(
    'Make the challenger the champion, if it passes the gates',
    PromoteSchema,
    MovedSchema,
  )
  route('promote', promotion, async (body, actor) => {
    const { force = false, reason } = parsePromotion(body)
    return toMoveAnswer(await promoteChallenger(desk(), { actor, reason, force }))
  })
  const undoing = post(
    'Undo the A/B test: end it, or bring the champion before back',
    MoveSchema,
    MovedSchema,
  )
  route('rollback', undoing, async (body, actor) => {
    const { reason } = parseReason(body)
    return toMoveAnswer(await rollBackExperiment(desk(), { actor, reason }))
  })
}

function get(summary: string) {
  return {
    summary,
    tags: ['ab-test'],
    response: { 200: StatusSchema, '4xx': ErrorSchema, '5xx': ErrorSchema },
  }
}

function post(summary: string, body: object, answer: object = ExperimentSchema) {
  return {
    summary,
    tags: ['ab-test'],
    body,
    response: { 200: answer, '4xx': ErrorSchema, '5xx': ErrorSchema },
  }
}

function refuseDesk(): never {
  throw new FdsError('STORAGE_FAILED', { what: 'the store of A/B tests', reason: 'this service has none' })
}
