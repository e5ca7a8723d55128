import type { Selectable } from 'kysely'
import { FdsError } from '../../errors.ts'
import { isStorageTrouble } from '../../tracking/store/storage-trouble.ts'
import type { Decision, Label, ShadowScore, StoredDecision } from './decision.ts'
import type { ServingDatabase } from './serving-database.ts'
import type { ServingTables } from './tables.ts'

/** How messages call the store. */
export const WHAT = 'the decision log'

export async function findDecision(
  { db }: ServingDatabase,
  transactionId: string,
): Promise<Decision | undefined> {
  const row = await guarded(() =>
    db.selectFrom('decisions').selectAll().where('transaction_id', '=', transactionId).executeTakeFirst(),
  )
  return row && decisionOf(row)
}

/** The decision with its shadow score and its labels; DECISION_NOT_FOUND. */
export async function readStoredDecision(
  database: ServingDatabase,
  transactionId: string,
): Promise<StoredDecision> {
  const decision = await findDecision(database, transactionId)
  if (!decision) throw new FdsError('DECISION_NOT_FOUND', { transactionId })
  const { db } = database
  const shadow = await guarded(() =>
    db.selectFrom('shadow_scores').selectAll().where('transaction_id', '=', transactionId).executeTakeFirst(),
  )
  const labels = await guarded(() =>
    db.selectFrom('labels').selectAll().where('transaction_id', '=', transactionId).orderBy('seq').execute(),
  )
  return { ...decision, shadow: shadow ? shadowOf(shadow) : null, labels: labels.map(labelOf) }
}

/** Runs a read; STORAGE_FAILED where the database cannot be used. */
export async function guarded<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (!isStorageTrouble(error)) throw error
    const reason = (error as Error).message || 'it cannot be reached'
    throw new FdsError('STORAGE_FAILED', { what: WHAT, reason }, { cause: error })
  }
}

export function decisionOf(row: Selectable<ServingTables['decisions']>): Decision {
  return {
    transactionId: row.transaction_id,
    transactionJson: row.transaction_json,
    entity: row.entity,
    eventTime: row.event_time,
    experiment: row.experiment,
    arm: row.arm,
    failedArm: row.failed_arm,
    modelName: row.model_name,
    modelVersion: row.model_version,
    policyVersion: row.policy_version,
    probability: row.probability,
    riskLevel: row.risk_level,
    latencyMs: row.latency_ms,
    createdAt: row.created_at,
  }
}

function shadowOf(row: Selectable<ServingTables['shadow_scores']>): ShadowScore {
  return {
    transactionId: row.transaction_id,
    arm: row.arm,
    modelVersion: row.model_version,
    policyVersion: row.policy_version,
    probability: row.probability,
    riskLevel: row.risk_level,
    createdAt: row.created_at,
  }
}

function labelOf(row: Selectable<ServingTables['labels']>): Label {
  return {
    transactionId: row.transaction_id,
    isFraud: row.is_fraud === 1,
    labelTime: row.label_time,
    source: row.source,
    receivedAt: row.received_at,
  }
}
