import type { FastifyInstance } from 'fastify'
import Type from 'typebox'
import { FdsError } from '../../errors.ts'
import type { Label } from '../log/decision.ts'
import { JSON_TYPE, takeTexts } from './parse-bodies.ts'
import { parseLabel, parseLabelRow } from './parse-label.ts'
import { parseLabelCsv } from './parse-label-csv.ts'
import { ErrorSchema, LabelReceiptSchema, LabelSchema, TextSchema } from './schemas.ts'
import { durabilityOf, type Service } from './service.ts'

const MAX_LABELS = 10_000
const MAX_CSV_LABELS = 100_000
const BODY_LIMIT = 16 * 1024 * 1024
const CSV = 'text/csv'

const SCHEMA = {
  summary: 'Say what a transaction turned out to be',
  description:
    `One label, an array of at most ${MAX_LABELS}, or at most ${MAX_CSV_LABELS} rows of CSV with a header. The ledger ` +
    'only grows: a correction is a further label. The same label again is accepted once, so a call that failed may ' +
    'be sent again. A label may come before its decision, or without one. A bad row, counted from 0, refuses the call.',
  tags: ['labels'],
  body: {
    content: {
      'application/json': {
        schema: Type.Union([LabelSchema, Type.Array(LabelSchema, { maxItems: MAX_LABELS })]),
      },
      [CSV]: { schema: TextSchema },
    },
  },
  response: { 200: LabelReceiptSchema, '4xx': ErrorSchema, '5xx': ErrorSchema },
}

/** `POST /labels`: adds to the label ledger. */
export async function routeLabels(app: FastifyInstance, service: Service): Promise<void> {
  takeTexts(app, [CSV])
  const options = { schema: SCHEMA, bodyLimit: BODY_LIMIT, config: { contentTypes: [JSON_TYPE, CSV] } }
  app.post('/labels', options, async (request, reply) => {
    const labels = await parseLabels(request.body, service.now() / 1000)
    const { added, repeated, unknown, delays } = await service.log.addLabels(labels)
    for (const label of added) service.telemetry.labelled(label)
    for (const delay of delays) service.telemetry.labelDelayed(delay)
    service.telemetry.labelsUnknown(unknown)
    reply.headers(durabilityOf(service))
    return { accepted: labels.length, repeated, unknown_transactions: unknown }
  })
}

async function parseLabels(body: unknown, receivedAt: number): Promise<Label[]> {
  if (typeof body === 'string') return parseLabelCsv(body, { receivedAt, limit: MAX_CSV_LABELS })
  if (!Array.isArray(body)) return [parseLabel(body, receivedAt)]
  if (body.length > MAX_LABELS) throw new FdsError('BATCH_TOO_LONG', { limit: MAX_LABELS, got: body.length })
  return body.map((label, row) => parseLabelRow(label, row, receivedAt))
}
