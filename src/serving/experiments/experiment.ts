import type { ExperimentPlan } from '../../monitoring/experiments/experiment-plan.ts'
import type { ExperimentLook, ExperimentVerdict } from '../../monitoring/experiments/experiment-verdict.ts'
import type { AssignmentRule } from './choose-arm.ts'

/** Version 2 of GrowthBook's hash, which `assignmentHash` is. */
export const HASH_VERSION = 2

export type ExperimentState = 'running' | 'stopped' | 'promoted' | 'rolled_back'

/** An experiment as it is stored. Times are seconds since 1970 UTC. */
export interface Experiment extends AssignmentRule {
  readonly plan: ExperimentPlan
  /** How entities are drawn; a stored experiment keeps its own. */
  readonly hashVersion: number
  /** Whether a verdict promotes, and an alarm stops, without a person. */
  readonly autoPromote: boolean
  readonly autoRollback: boolean
  readonly state: ExperimentState
  /** Counts the changes; a change names the one that it saw. */
  readonly revision: number
  readonly startedAt: number
  readonly endedAt: number | null
}

export const EXPERIMENT_ACTIONS = ['start', 'ramp', 'stop', 'promote', 'rollback'] as const
export type ExperimentAction = (typeof EXPERIMENT_ACTIONS)[number]

/** Who did something, and why. */
export interface ExperimentActor {
  readonly actor: string
  readonly reason?: string | undefined
}

/** One entry of an experiment's audit, which is never changed. */
export interface ExperimentEvent {
  readonly time: number
  readonly action: ExperimentAction
  readonly actor: string
  readonly reason: string | null
  /** What was changed, as JSON. */
  readonly details: Readonly<Record<string, unknown>>
}

/** One evaluation as it was stored, which is never changed. */
export interface StoredLook {
  readonly look: ExperimentLook
  readonly verdict: ExperimentVerdict
}
