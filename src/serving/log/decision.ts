import type { RiskLevel } from '../../decision/risk-level.ts'
import type { Arm } from '../../monitoring/experiments/assign.ts'

/** What was decided about one transaction, by which model and policy. Times are seconds since 1970 UTC. */
export interface Decision {
  readonly transactionId: string
  /** As it was scored: the text of a JSON object. */
  readonly transactionJson: string
  /** Card or customer, where the model's data names one. */
  readonly entity: string | null
  readonly eventTime: number | null
  /** The experiment that chose the arm; null where none did and the champion decided. */
  readonly experiment: string | null
  /** The arm whose model decided. */
  readonly arm: Arm
  /** The arm that was to decide and could not, so that another stood in; null where none failed. */
  readonly failedArm: Arm | null
  readonly modelName: string
  readonly modelVersion: string
  readonly policyVersion: string
  readonly probability: number
  readonly riskLevel: RiskLevel
  /** From the request's arrival to the decision, without the wait for the disk. */
  readonly latencyMs: number
  readonly createdAt: number
}

/** What the model that did not decide would have said; scored after the answer, so it may be missing. */
export interface ShadowScore {
  readonly transactionId: string
  /** The arm that the shadow's model stands for. */
  readonly arm: Arm
  readonly modelVersion: string
  readonly policyVersion: string
  readonly probability: number
  readonly riskLevel: RiskLevel
  readonly createdAt: number
}

/** One entry of the label ledger: what `source` said at `labelTime`; a correction is a further entry. */
export interface Label {
  readonly transactionId: string
  readonly isFraud: boolean
  readonly labelTime: number
  /** The sender gave no time, so `labelTime` is when the label came. */
  readonly isTimeAssumed?: boolean
  readonly source: string
  readonly receivedAt: number
}

export interface StoredDecision extends Decision {
  readonly shadow: ShadowScore | null
  /** In the order in which they came. */
  readonly labels: readonly Label[]
}

export interface LabelReceipt {
  readonly added: readonly Label[]
  /** Entries that the ledger already held: same transaction, source, verdict, and time where one was given. */
  readonly repeated: number
  /** Entries added for transactions that have no decision here. */
  readonly unknown: number
  /**
   * Seconds from the transaction to each added label, for those that have a decision: from its event time, or from the
   * decision where it has none or the label came without a time.
   */
  readonly delays: readonly number[]
}
