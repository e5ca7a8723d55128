import type { RiskLevel } from '../../decision/index.ts'
import type { Arm } from './assign.ts'

/** One decision of an experiment, with what became known of it. Times are seconds since 1970 UTC. */
export interface Outcome {
  readonly transactionId: string
  /** Card or customer; null where the transaction stands for itself. */
  readonly entity: string | null
  /** As it was stored with the decision; never computed again. */
  readonly arm: Arm
  /** Of the model that decided. */
  readonly score: number
  /** Of the model that did not decide, on the same transaction; null where it never scored it. */
  readonly shadowScore: number | null
  readonly riskLevel: RiskLevel
  readonly latencyMs: number
  /** The label that counts (as of `time` + horizon); null without one. Ignored while the decision is immature. */
  readonly isFraud: boolean | null
  readonly time: number
  /** What the fraud costs if it is missed, in units of cost; the plan's `costs.fn` unless given. */
  readonly loss?: number
  /** The arm's model failed and a fallback decided. */
  readonly isFailed?: boolean
}
