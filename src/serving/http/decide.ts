import type { Transaction } from '../../data/transaction.ts'
import type { Decision } from '../log/decision.ts'
import { requireChampion } from '../models/model-source.ts'
import { parseTransaction, parseTransactionId, TRANSACTION_ID } from '../models/parse-transaction.ts'
import type { Service } from './service.ts'

/** A decision that is not yet in the log, or the one that the log already has for the same transaction. */
export interface Draft {
  readonly decision: Decision
  readonly stored: boolean
}

/**
 * Scores one body. When the served model cannot (there is none, or the columns are another model's) and the
 * transaction was decided before, the stored decision is given, whatever was swapped meanwhile.
 * REQUEST_INVALID, TRANSACTION_INVALID, FEATURES_MISMATCH, NO_CHAMPION.
 */
export async function draftDecision(service: Service, body: unknown, latencyMs: number): Promise<Draft> {
  const transaction = parseTransaction(body)
  const given = transaction[TRANSACTION_ID]
  const id = given === undefined ? undefined : parseTransactionId(given)
  try {
    return { decision: decide(service, { id, transaction, latencyMs }), stored: false }
  } catch (error) {
    const decision = id === undefined ? undefined : await service.log.find(id)
    if (decision) return { decision, stored: true }
    throw error
  }
}

/** Stores drafts, all or none, and gives the decisions that count, in the same order; STORAGE_FAILED. */
export async function recordDrafts(service: Service, drafts: readonly Draft[]): Promise<readonly Decision[]> {
  const fresh = drafts.filter((draft) => !draft.stored).map((draft) => draft.decision)
  const recorded = fresh.length > 0 ? await service.log.record(fresh) : []
  for (let i = 0; i < fresh.length; i++) {
    if (recorded[i] === fresh[i]) service.telemetry.decided(fresh[i]!)
  }
  let next = 0
  return drafts.map((draft) => (draft.stored ? draft.decision : recorded[next++]!))
}

/** The public form of a decision. */
export function toAnswer(decision: Decision) {
  return {
    transaction_id: decision.transactionId,
    fraud_probability: decision.probability,
    risk_level: decision.riskLevel,
    model_version: decision.arm,
    model: { name: decision.modelName, version: decision.modelVersion },
    policy_version: decision.policyVersion,
  }
}

interface Submitted {
  readonly id: string | undefined
  readonly transaction: Transaction
  readonly latencyMs: number
}

function decide(service: Service, { id, transaction, latencyMs }: Submitted): Decision {
  const { scorer, arm } = requireChampion(service.models)
  const { probability, riskLevel } = scorer.score(transaction)
  const facts = scorer.factsOf(transaction)
  return {
    transactionId: id ?? (facts.id === null ? service.createId() : parseTransactionId(facts.id)),
    transactionJson: JSON.stringify(transaction),
    entity: facts.entity,
    eventTime: facts.eventTime,
    experiment: null,
    arm,
    modelName: scorer.name,
    modelVersion: scorer.version,
    policyVersion: scorer.policy.version,
    probability,
    riskLevel,
    latencyMs,
    createdAt: service.now() / 1000,
  }
}
