import { setImmediate } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import Type from 'typebox'
import { FdsError } from '../../errors.ts'
import type { Decision } from '../log/decision.ts'
import { type Draft, draftDecision, recordDrafts, toAnswer } from './decide.ts'
import { JSON_TYPE, NDJSON, takeTexts } from './parse-bodies.ts'
import { parseLines, parseRows, type Row } from './parse-rows.ts'
import { ANSWER_TYPE } from './predict.ts'
import { DecisionSchema, ErrorSchema, TextSchema, TransactionSchema } from './schemas.ts'
import { durabilityOf, type Service } from './service.ts'

const MAX_ROWS = 10_000
export const BATCH_LIMIT = 16 * 1024 * 1024
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
  takeTexts(app, [JSON_TYPE, NDJSON])
  const options = {
    schema: SCHEMA,
    bodyLimit: BATCH_LIMIT,
    config: { open: true, contentTypes: [JSON_TYPE, NDJSON] },
  }
  app.post('/predict/batch', options, async (request, reply) => {
    const isLines = request.headers['content-type']?.startsWith(NDJSON) === true
    const read = () => (isLines ? parseLines : parseRows)(request.body as string)
    const decisions = await decideMany(service, read, () => reply.elapsedTime)
    if (decisions[0]) request.arm = decisions[0].arm
    reply.headers(durabilityOf(service)).type(isLines ? NDJSON : ANSWER_TYPE)
    return isLines ? linesText(decisions) : arrayText(decisions)
  })
}

/**
 * The stored decisions on the transactions of a body, which is read when its turn has come: rows that waited would be
 * moved to the old part of the heap. BATCH_TOO_LONG, BATCH_ROW_INVALID by row.
 */
export async function decideMany(
  service: Service,
  read: () => readonly Row[],
  elapsed: () => number,
): Promise<readonly Decision[]> {
  return recordDrafts(service, await service.inTurn(() => draftAll(service, read(), elapsed)))
}

async function draftAll(service: Service, rows: readonly Row[], elapsed: () => number): Promise<Draft[]> {
  if (rows.length > MAX_ROWS) throw new FdsError('BATCH_TOO_LONG', { limit: MAX_ROWS, got: rows.length })
  const drafts: Draft[] = []
  for (const [row, given] of rows.entries()) {
    if (row > 0 && row % SLICE_ROWS === 0) await setImmediate()
    try {
      const draft = draftDecision(service, given, elapsed())
      drafts.push(draft instanceof Promise ? await draft : draft)
    } catch (error) {
      throw ofRow(row, error)
    }
  }
  return drafts
}

/** The answers to a batch as a JSON array. */
export function arrayText(decisions: readonly Decision[]): string {
  return JSON.stringify(decisions.map(toAnswer))
}

function linesText(decisions: readonly Decision[]): string {
  return decisions.map((decision) => `${JSON.stringify(toAnswer(decision))}\n`).join('')
}

function ofRow(row: number, error: unknown): unknown {
  if (!(error instanceof FdsError) || error.status >= 500) return error
  const { code, message: reason } = error
  return new FdsError('BATCH_ROW_INVALID', { row, code, reason }, { cause: error })
}
