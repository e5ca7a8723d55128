import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { RiskLevel } from '../../decision/risk-level.ts'
import { FdsError } from '../../errors.ts'
import type { Arm } from '../../monitoring/experiments/assign.ts'
import type { Decision, Label, LabelReceipt, ShadowScore, StoredDecision } from './decision.ts'
import { openDecisionStore } from './decision-store.ts'
import { createGroupCommit, storageError } from './group-commit.ts'

/**
 * The durable memory of the service. A promise that resolves means "on disk, synced": whatever was
 * acknowledged outlives a crash. One process writes it; others may read the file meanwhile.
 */
export interface DecisionLog {
  /**
   * Stores decisions, all or none, and gives the stored ones in the same order. A transaction id that is
   * already stored, or comes twice, keeps its first decision, and that one is given (then not the object
   * that was passed). STORAGE_FAILED when the disk refuses: nothing of the call is stored.
   */
  record(decisions: readonly Decision[]): Promise<readonly Decision[]>
  addLabels(labels: readonly Label[]): Promise<LabelReceipt>
  /** Adds scores beside decisions that are stored; a transaction that has one keeps it. */
  addShadows(scores: readonly ShadowScore[]): Promise<void>
  find(transactionId: string): Promise<Decision | undefined>
  /** The decision with its labels, or DECISION_NOT_FOUND. */
  getDecision(transactionId: string): Promise<StoredDecision>
  /** Resolves if a write reaches the disk now; STORAGE_FAILED otherwise. */
  checkWritable(): Promise<void>
  /** Commits what waits and closes the file. */
  close(): Promise<void>
}

const WHAT = 'the decision log'
const INSERT_DECISION = `
  INSERT INTO decisions (transaction_id, transaction_json, entity, event_time, experiment, arm, model_name, model_version,
    policy_version, probability, risk_level, latency_ms, created_at)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`
const INSERT_SHADOW = `
  INSERT INTO shadow_scores (transaction_id, arm, model_version, policy_version, probability, risk_level, created_at)
  VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`
const INSERT_LABEL = `
  INSERT INTO labels (transaction_id, is_fraud, label_time, source, received_at)
  VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`

/** Opens the log at `file`, a SQLite database, and makes it if there is none; STORAGE_FAILED. */
export function openDecisionLog({ file, now }: { file: string; now: () => number }): DecisionLog {
  const database = openDecisionStore(file)
  const group = createGroupCommit(database, WHAT)
  const statements = prepareStatements(database)
  const find = async (id: string) => guarded(() => readDecision(statements.findDecision, id))

  return {
    find,
    record: (decisions) => group.run(() => decisions.map((decision) => insert(statements, decision))),
    addLabels: (labels) => group.run(() => insertLabels(statements, labels)),
    addShadows: (scores) => group.run(() => insertShadows(statements, scores)),
    getDecision: async (transactionId) => {
      const decision = await find(transactionId)
      if (!decision) throw new FdsError('DECISION_NOT_FOUND', { transactionId })
      return guarded(() => ({
        ...decision,
        shadow: readShadow(statements.findShadow, transactionId),
        labels: readLabels(statements.findLabels, transactionId),
      }))
    },
    checkWritable: () => group.run(() => void statements.probe.run(now() / 1000)),
    close: async () => {
      group.close()
      if (database.isOpen) database.close()
    },
  }
}

type Statements = ReturnType<typeof prepareStatements>

function prepareStatements(database: DatabaseSync) {
  return {
    insertDecision: database.prepare(INSERT_DECISION),
    findDecision: database.prepare('SELECT * FROM decisions WHERE transaction_id = ?'),
    insertShadow: database.prepare(INSERT_SHADOW),
    findShadow: database.prepare('SELECT * FROM shadow_scores WHERE transaction_id = ?'),
    insertLabel: database.prepare(INSERT_LABEL),
    findLabels: database.prepare('SELECT * FROM labels WHERE transaction_id = ? ORDER BY seq'),
    lastVerdict: database.prepare(
      'SELECT is_fraud FROM labels WHERE transaction_id = ? AND source = ? ORDER BY seq DESC LIMIT 1',
    ),
    knows: database.prepare('SELECT 1 FROM decisions WHERE transaction_id = ?'),
    probe: database.prepare(
      'INSERT INTO probe VALUES (1, ?) ON CONFLICT DO UPDATE SET checked_at = excluded.checked_at',
    ),
  }
}

function guarded<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw storageError(WHAT, error)
  }
}

function insert({ insertDecision, findDecision }: Statements, decision: Decision): Decision {
  const { changes } = insertDecision.run(
    decision.transactionId,
    decision.transactionJson,
    decision.entity,
    decision.eventTime,
    decision.experiment,
    decision.arm,
    decision.modelName,
    decision.modelVersion,
    decision.policyVersion,
    decision.probability,
    decision.riskLevel,
    decision.latencyMs,
    decision.createdAt,
  )
  return changes === 1 ? decision : readDecision(findDecision, decision.transactionId)!
}

function readDecision(statement: StatementSync, transactionId: string): Decision | undefined {
  const row = statement.get(transactionId)
  if (!row) return undefined
  return {
    transactionId,
    transactionJson: row['transaction_json'] as string,
    entity: row['entity'] as string | null,
    eventTime: row['event_time'] as number | null,
    experiment: row['experiment'] as string | null,
    arm: row['arm'] as Arm,
    modelName: row['model_name'] as string,
    modelVersion: row['model_version'] as string,
    policyVersion: row['policy_version'] as string,
    probability: row['probability'] as number,
    riskLevel: row['risk_level'] as RiskLevel,
    latencyMs: row['latency_ms'] as number,
    createdAt: row['created_at'] as number,
  }
}

function insertShadows({ insertShadow }: Statements, scores: readonly ShadowScore[]): void {
  for (const {
    transactionId,
    arm,
    modelVersion,
    policyVersion,
    probability,
    riskLevel,
    createdAt,
  } of scores) {
    insertShadow.run(transactionId, arm, modelVersion, policyVersion, probability, riskLevel, createdAt)
  }
}

function readShadow(statement: StatementSync, transactionId: string): ShadowScore | null {
  const row = statement.get(transactionId)
  if (!row) return null
  return {
    transactionId,
    arm: row['arm'] as Arm,
    modelVersion: row['model_version'] as string,
    policyVersion: row['policy_version'] as string,
    probability: row['probability'] as number,
    riskLevel: row['risk_level'] as RiskLevel,
    createdAt: row['created_at'] as number,
  }
}

function insertLabels(statements: Statements, labels: readonly Label[]): LabelReceipt {
  const { insertLabel, lastVerdict, knows } = statements
  const added = labels.filter(({ transactionId, isFraud, labelTime, isTimeAssumed, source, receivedAt }) => {
    // a repeated request without a time says nothing new
    const last = isTimeAssumed ? lastVerdict.get(transactionId, source) : undefined
    if (last !== undefined && last['is_fraud'] === (isFraud ? 1 : 0)) return false
    return insertLabel.run(transactionId, isFraud ? 1 : 0, labelTime, source, receivedAt).changes === 1
  })
  const unknown = added.filter(({ transactionId }) => knows.get(transactionId) === undefined).length
  return { added, repeated: labels.length - added.length, unknown }
}

function readLabels(statement: StatementSync, transactionId: string): Label[] {
  return statement.all(transactionId).map((row) => ({
    transactionId,
    isFraud: row['is_fraud'] === 1,
    labelTime: row['label_time'] as number,
    source: row['source'] as string,
    receivedAt: row['received_at'] as number,
  }))
}
