import type { Generated } from 'kysely'
import type { RiskLevel } from '../../decision/risk-level.ts'
import type { Arm } from '../../monitoring/experiments/assign.ts'
import type { ExperimentTables } from '../experiments/experiment-tables.ts'

/**
 * The tables of the serving database, as `migrations.ts` makes them. Times are seconds since 1970 UTC, as everywhere
 * in the data room; truth values are 0 and 1.
 */
export interface ServingTables extends ExperimentTables {
  decisions: DecisionTable
  shadow_scores: ShadowScoreTable
  labels: LabelTable
  probe: { id: number; checked_at: number }
  exported_days: { day: string; file: string; decisions: number; exported_at: number }
}

interface DecisionTable {
  /** In the order in which decisions were stored. */
  seq: Generated<number>
  transaction_id: string
  transaction_json: string
  entity: string | null
  event_time: number | null
  experiment: string | null
  arm: Arm
  failed_arm: Arm | null
  model_name: string
  model_version: string
  policy_version: string
  probability: number
  risk_level: RiskLevel
  latency_ms: number
  created_at: number
}

interface ShadowScoreTable {
  transaction_id: string
  arm: Arm
  model_version: string
  policy_version: string
  probability: number
  risk_level: RiskLevel
  created_at: number
}

/** A ledger: rows are added, never changed; a label may come before its decision or without one. */
interface LabelTable {
  seq: Generated<number>
  transaction_id: string
  is_fraud: number
  label_time: number
  source: string
  received_at: number
}
