import type { FastifyInstance } from 'fastify'
import Type from 'typebox'
import { FdsError } from '../../errors.ts'
import type { Label } from '../log/decision.ts'
import { parseLabel } from './parse-label.ts'
import { ErrorSchema, LabelReceiptSchema, LabelSchema } from './schemas.ts'
import { durabilityOf, type Service } from './service.ts'

const MAX_LABELS = 10_000
const BODY_LIMIT = 4 * 1024 * 1024

const SCHEMA = {
  summary: 'Say what a transaction turned out to be',
  description:
    'One label or an array. The ledger only grows: a correction is a further label. The same label again is ' +
    'accepted once. A label may come before its decision, or without one.',
  tags: ['labels'],
  body: Type.Union([LabelSchema, Type.Array(LabelSchema, { maxItems: MAX_LABELS })]),
  response: { 200: LabelReceiptSchema, '4xx': ErrorSchema, '5xx': ErrorSchema },
}

/** `POST /labels`: adds to the label ledger, all of the call or nothing. */
export function routeLabels(app: FastifyInstance, service: Service): void {
  app.post('/labels', { schema: SCHEMA, bodyLimit: BODY_LIMIT }, async (request, reply) => {
    const labels = parseLabels(request.body, service.now() / 1000)
    const { added, repeated, unknown } = await service.log.addLabels(labels)
    for (const label of added) service.telemetry.labelled(label)
    service.telemetry.labelsUnknown(unknown)
    reply.headers(durabilityOf(service))
    return { accepted: labels.length, repeated, unknown_transactions: unknown }
  })
}

function parseLabels(body: unknown, receivedAt: number): Label[] {
  if (!Array.isArray(body)) return [parseLabel(body, receivedAt)]
  if (body.length > MAX_LABELS) throw new FdsError('BATCH_TOO_LONG', { limit: MAX_LABELS, got: body.length })
  return body.map((label, row) => parseRow(label, row, receivedAt))
}

function parseRow(label: unknown, row: number, receivedAt: number): Label {
  try {
    return parseLabel(label, receivedAt)
  } catch (error) {
    if (!(error instanceof FdsError)) throw error
    throw new FdsError(
      'BATCH_ROW_INVALID',
      { row, code: error.code, reason: error.message },
      { cause: error },
    )
  }
}
