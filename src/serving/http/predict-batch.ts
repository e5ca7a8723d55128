import { setImmediate } from 'node:timers/promises'
import type { FastifyInstance, FastifyReply } from 'fastify'
import Type from 'typebox'
import { FdsError } from '../../errors.ts'
import type { Decision } from '../log/decision.ts'
import { kindOf } from '../models/parse-transaction.ts'
import { type Draft, draftDecision, recordDrafts, toAnswer } from './decide.ts'
import { NDJSON, parseNdjsonBodies } from './parse-bodies.ts'
import { DecisionSchema, ErrorSchema, TextSchema, TransactionSchema } from './schemas.ts'
import { DURABILITY, type Service } from './service.ts'

const MAX_ROWS = 10_000
const BODY_LIMIT = 16 * 1024 * 1024
/** Rows handled before other requests get their turn. */
const SLICE_ROWS = 200

const SCHEMA = {
  summary: 'Decide on many transactions',
  description:
    `An array of transactions, or one a line (${NDJSON}); the answer has the same form and order. At most ` +
    `${MAX_ROWS} rows. A row that cannot be decided refuses the whole batch and nothing of it is stored.`,
  tags: ['decisions'],
  body: {
    content: {
      'application/json': { schema: Type.Array(TransactionSchema, { maxItems: MAX_ROWS }) },
      [NDJSON]: { schema: TextSchema },
    },
  },
  response: {
    200: {
      description: 'One decision for each row, in order',
      content: {
        'application/json': { schema: Type.Array(DecisionSchema) },
        [NDJSON]: { schema: TextSchema },
      },
    },
    '4xx': ErrorSchema,
    '5xx': ErrorSchema,
  },
}

/** `POST /predict/batch`: as `/predict` for each row, each idempotent by its transaction id. */
export async function routePredictBatch(app: FastifyInstance, service: Service): Promise<void> {
  parseNdjsonBodies(app)
  const options = {
    schema: SCHEMA,
    bodyLimit: BODY_LIMIT,
    config: { open: true, contentTypes: ['application/json', NDJSON] },
  }
  app.post('/predict/batch', options, async (request, reply) => {
    const drafts = await draftAll(service, rowsOf(request.body), reply)
    const decisions = await recordAll(service, drafts)
    if (decisions[0]) request.arm = decisions[0].arm
    reply.headers(DURABILITY)
    return answer(reply, decisions, request.headers['content-type'] ?? '')
  })
}

function rowsOf(body: unknown): readonly unknown[] {
  if (!Array.isArray(body)) {
    throw new FdsError('REQUEST_INVALID', {
      reason: `it must be an array of transactions, got ${kindOf(body)}`,
    })
  }
  if (body.length > MAX_ROWS) throw new FdsError('BATCH_TOO_LONG', { limit: MAX_ROWS, got: body.length })
  return body
}

async function draftAll(service: Service, rows: readonly unknown[], reply: FastifyReply): Promise<Draft[]> {
  const drafts: Draft[] = []
  for (const [row, body] of rows.entries()) {
    if (row > 0 && row % SLICE_ROWS === 0) await setImmediate()
    drafts.push(await draftRow(service, body, { row, latencyMs: reply.elapsedTime }))
  }
  return drafts
}

async function draftRow(
  service: Service,
  body: unknown,
  { row, latencyMs }: { row: number; latencyMs: number },
): Promise<Draft> {
  try {
    return await draftDecision(service, body, latencyMs)
  } catch (error) {
    if (!(error instanceof FdsError) || error.status >= 500) throw error
    throw new FdsError(
      'BATCH_ROW_INVALID',
      { row, code: error.code, reason: error.message },
      { cause: error },
    )
  }
}

async function recordAll(service: Service, drafts: readonly Draft[]): Promise<Decision[]> {
  const decisions: Decision[] = []
  for (let start = 0; start < drafts.length; start += SLICE_ROWS) {
    decisions.push(...(await recordDrafts(service, drafts.slice(start, start + SLICE_ROWS))))
  }
  return decisions
}

function answer(reply: FastifyReply, decisions: readonly Decision[], contentType: string): unknown {
  const answers = decisions.map(toAnswer)
  if (!contentType.startsWith(NDJSON)) return answers
  reply.type(NDJSON)
  return answers.map((row) => `${JSON.stringify(row)}\n`).join('')
}
