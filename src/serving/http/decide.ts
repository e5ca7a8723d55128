import type { Transaction } from '../../data/transaction.ts'
import type { Decision } from '../log/decision.ts'
import type { ServedModel } from '../models/model-source.ts'
import { parseTransaction, parseTransactionId, TRANSACTION_ID } from '../models/parse-transaction.ts'
import type { TransactionFacts } from '../models/scorer.ts'
import { parseJson } from './parse-bodies.ts'
import type { Row } from './parse-rows.ts'
import type { Service } from './service.ts'

/** A decision that is not yet in the log. */
interface Fresh {
  readonly decision: Decision
  /** The model that scores the transaction once its answer has left; without one the transaction need not be kept. */
  readonly shadowed: { readonly transaction: Transaction; readonly shadow: ServedModel } | undefined
}

/** A decision to be stored, or the one that the log already has for the same transaction. */
export type Draft = Fresh | { readonly stored: Decision }

/**
 * Scores one transaction, given as JSON. When the served model cannot (there is none, or the
 * columns are another model's) and the transaction was decided before, the stored decision is given, whatever was
 * swapped meanwhile. REQUEST_INVALID, TRANSACTION_INVALID, FEATURES_MISMATCH, NO_CHAMPION.
 */
export function draftDecision(
  service: Service,
  { text, value }: Row,
  latencyMs: number,
): Draft | Promise<Draft> {
  const transaction = parseTransaction(value)
  const given = transaction[TRANSACTION_ID]
  const id = given === undefined ? undefined : parseTransactionId(given)
  try {
    return decide(service, { id, text, transaction, latencyMs })
  } catch (error) {
    if (id === undefined) throw error
    return findStored(service, id, error)
  }
}

/** The stored decision on one transaction, as `draftDecision` makes it; STORAGE_FAILED besides. */
export async function decideOne(service: Service, text: string, latencyMs: number): Promise<Decision> {
  const given = draftDecision(service, { text, value: parseJson(text) }, latencyMs)
  const draft = given instanceof Promise ? await given : given
  if (!isFresh(draft)) return draft.stored
  const [recorded] = await service.log.record([draft.decision])
  settle(service, draft, recorded!)
  return recorded!
}

/** Stores drafts, all or none, and gives the decisions that count, in the same order; STORAGE_FAILED. */
export async function recordDrafts(service: Service, drafts: readonly Draft[]): Promise<readonly Decision[]> {
  const fresh = drafts.filter(isFresh)
  const recorded = fresh.length > 0 ? await service.log.record(fresh.map(({ decision }) => decision)) : []
  fresh.forEach((draft, i) => {
    settle(service, draft, recorded[i]!)
  })
  let next = 0
  return drafts.map((draft) => (isFresh(draft) ? recorded[next++]! : draft.stored))
}

/** What was new is counted, and goes on to the shadow's model. */
function settle(service: Service, { decision, shadowed }: Fresh, recorded: Decision): void {
  if (recorded !== decision) return
  service.telemetry.decided(decision)
  if (shadowed) service.shadows.add({ decision, ...shadowed })
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
  readonly text: string
  readonly transaction: Transaction
  readonly latencyMs: number
}

const NO_FACTS: TransactionFacts = { id: null, entity: null, eventTime: null }

function decide(service: Service, { id, text, transaction, latencyMs }: Submitted): Fresh {
  const champion = service.models.served('champion')
  const facts = champion ? champion.scorer.factsOf(transaction) : NO_FACTS
  const transactionId = id ?? (facts.id === null ? service.createId() : parseTransactionId(facts.id))
  const choice = champion && service.choose(facts.entity ?? transactionId)
  const verdict = service.scoreOrFallback(choice?.deciding, transaction)
  const failedArm = choice && verdict.fellBack ? choice.deciding.arm : null
  const createdAt = service.now() / 1000
  // the arms are drawn, so the champion's part stands for all
  if (champion && choice?.deciding === champion && !verdict.fellBack) {
    champion.scorer.drift?.count(verdict.probability, createdAt)
  }
  const decision: Decision = {
    transactionId,
    transactionJson: text,
    entity: facts.entity,
    eventTime: facts.eventTime,
    experiment: choice?.experiment ?? null,
    arm: verdict.arm,
    failedArm,
    modelName: verdict.modelName,
    modelVersion: verdict.modelVersion,
    policyVersion: verdict.policyVersion,
    probability: verdict.probability,
    riskLevel: verdict.riskLevel,
    latencyMs,
    createdAt,
  }
  const shadow = failedArm ? undefined : choice?.shadow
  return { decision, shadowed: shadow && { transaction, shadow } }
}

async function findStored(service: Service, id: string, error: unknown): Promise<Draft> {
  const stored = await service.log.find(id)
  if (stored) return { stored }
  throw error
}

function isFresh(draft: Draft): draft is Fresh {
  return 'decision' in draft
}
