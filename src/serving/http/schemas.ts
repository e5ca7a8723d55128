import Type from 'typebox'
import { RISK_LEVELS } from '../../decision/risk-level.ts'
import { ARMS } from '../models/model-source.ts'
import { LABEL_SOURCES } from '../telemetry/telemetry.ts'

// These schemas are the OpenAPI document and write the answers; what comes in is checked by parse-*.ts,
// which knows the served model's columns.

const TransactionId = Type.String({ minLength: 1, maxLength: 128, description: 'Printable characters' })
const Instant = Type.String({ format: 'date-time' })

export const TransactionSchema = Type.Object(
  { transaction_id: Type.Optional(TransactionId) },
  {
    additionalProperties: Type.Union([Type.Number(), Type.String(), Type.Boolean(), Type.Null()]),
    description:
      'The columns of the served model, and transaction_id; one is made if it is absent. ' +
      'The same transaction_id again gives the stored decision.',
    examples: [{ transaction_id: 'tx-1', amount: 120.5, merchant_category: 'grocery' }],
  },
)

export const DecisionSchema = Type.Object({
  transaction_id: TransactionId,
  fraud_probability: Type.Number({ minimum: 0, maximum: 1 }),
  risk_level: Type.Enum([...RISK_LEVELS]),
  model_version: Type.Enum([...ARMS], { description: 'The arm that decided' }),
  model: Type.Object({ name: Type.String(), version: Type.String() }),
  policy_version: Type.String(),
})

export const LabelSchema = Type.Object(
  {
    transaction_id: TransactionId,
    is_fraud: Type.Union([Type.Boolean(), Type.Literal(0), Type.Literal(1)]),
    label_time: Type.Optional(
      Type.Union([Instant, Type.Number()], {
        description: 'When this became known: ISO 8601 text, or seconds since 1970; now if absent',
      }),
    ),
    source: Type.Optional(Type.Enum([...LABEL_SOURCES], { default: 'other' })),
  },
  { additionalProperties: false },
)

export const LabelReceiptSchema = Type.Object({
  accepted: Type.Integer({ description: 'Labels that are in the ledger now' }),
  repeated: Type.Integer({ description: 'Of these, how many were there before' }),
  unknown_transactions: Type.Integer({
    description: 'Labels newly kept for transactions without a decision',
  }),
})

export const StoredDecisionSchema = Type.Object({
  ...DecisionSchema.properties,
  entity: Type.Union([Type.String(), Type.Null()]),
  event_time: Type.Union([Instant, Type.Null()]),
  experiment: Type.Union([Type.String(), Type.Null()]),
  failed_arm: Type.Union([Type.Enum([...ARMS]), Type.Null()], {
    description: 'The arm that was to decide and could not',
  }),
  shadow: Type.Union(
    [
      Type.Object({
        fraud_probability: Type.Number(),
        risk_level: Type.Enum([...RISK_LEVELS]),
        model_version: Type.Enum([...ARMS]),
        version: Type.String(),
        policy_version: Type.String(),
      }),
      Type.Null(),
    ],
    { description: 'What the model that did not decide would have said' },
  ),
  latency_ms: Type.Number(),
  created_at: Instant,
  labels: Type.Array(
    Type.Object({
      is_fraud: Type.Boolean(),
      label_time: Instant,
      source: Type.String(),
      received_at: Instant,
    }),
  ),
})

export const ErrorSchema = Type.Object({
  error: Type.Object({
    code: Type.String(),
    message: Type.String(),
    details: Type.Unknown(),
    request_id: Type.String(),
  }),
})

/** An OpenAPI entry that takes or gives text of another type than JSON. */
export const TextSchema = Type.String()
