import type { Transaction } from '../../data/transaction.ts'
import type { RiskLevel } from '../../decision/risk-level.ts'
import { FdsError } from '../../errors.ts'
import { faultOf, type Logger } from '../../log.ts'
import type { Arm } from '../../monitoring/experiments/assign.ts'
import { type ModelSource, requireChampion, type ServedModel } from './model-source.ts'

/** What is answered when no model can score: nothing (503), approve, or block. */
export const FALLBACKS = ['none', 'open', 'closed'] as const
export type Fallback = (typeof FALLBACKS)[number]

/** Why the model that should decide did not. */
export const FALLBACK_REASONS = ['threw', 'not_a_probability', 'no_model'] as const
export type FallbackReason = (typeof FALLBACK_REASONS)[number]

/** Who answered instead: the champion for a challenger, the version served before, the declared answer, nobody. */
export const STAND_INS = ['champion', 'previous', 'open', 'closed', 'none'] as const
export type StandIn = (typeof STAND_INS)[number]

/** A score with everything that a decision says about its origin. */
export interface Verdict {
  /** The arm that decided: `champion` where the champion stood in for a challenger, and for a declared answer. */
  readonly arm: Arm
  readonly modelName: string
  readonly modelVersion: string
  readonly policyVersion: string
  readonly probability: number
  readonly riskLevel: RiskLevel
  /** Another than the asked model answered. */
  readonly fellBack: boolean
}

export interface FallbackInput {
  readonly models: Pick<ModelSource, 'name' | 'served' | 'previous' | 'trouble'>
  readonly mode: Fallback
  readonly logger: Logger
  readonly onFallback: (reason: FallbackReason, standIn: StandIn) => void
}

export type ScoreOrFallback = (served: ServedModel | undefined, transaction: Transaction) => Verdict

/**
 * Makes the function that scores whatever happens. What a model says about the caller's transaction is thrown as it
 * is (TRANSACTION_INVALID, FEATURES_MISMATCH). When the model throws anything else, or gives no number from 0 to 1,
 * the champion answers for a challenger, then the version that the champion's alias served before, then the declared
 * answer: `open` approves with probability 0, `closed` blocks with 1, under the model `fallback`. MODEL_FAILED when
 * nobody answers; NO_CHAMPION or MODEL_UNAVAILABLE when there was no model to ask. Each cause is logged once.
 */
export function createFallback({ models, mode, logger, onFallback }: FallbackInput): ScoreOrFallback {
  const tell = createTeller(logger)
  const standIn = (
    failed: ServedModel | undefined,
    transaction: Transaction,
  ): [StandIn, Verdict | undefined] => {
    for (const [name, other] of standInsFor(failed, models)) {
      try {
        return [name, { ...score(other, transaction), fellBack: true }]
      } catch (error) {
        tell(other, error)
      }
    }
    return [mode, mode === 'none' ? undefined : DECLARED[mode]]
  }
  return (served, transaction) => {
    let fault: unknown
    try {
      if (served) return score(served, transaction)
    } catch (error) {
      if (error instanceof FdsError && error.status < 500) throw error
      tell(served!, error)
      fault = error
    }
    const [name, verdict] = standIn(served, transaction)
    onFallback(reasonOf(served, fault), name)
    if (verdict) return verdict
    if (!served) requireChampion(models)
    throw new FdsError('MODEL_FAILED', { name: models.name }, { cause: fault })
  }
}

class NotAProbability extends Error {}

const declared = (modelVersion: string, probability: number, riskLevel: RiskLevel): Verdict => ({
  arm: 'champion',
  modelName: 'fallback',
  modelVersion,
  policyVersion: 'fallback',
  probability,
  riskLevel,
  fellBack: true,
})

const DECLARED = { open: declared('fail_open', 0, 'approve'), closed: declared('fail_closed', 1, 'block') }

function score({ scorer, arm }: ServedModel, transaction: Transaction): Verdict {
  const { probability, riskLevel } = scorer.score(transaction)
  if (!(probability >= 0 && probability <= 1)) throw new NotAProbability()
  return {
    arm,
    modelName: scorer.name,
    modelVersion: scorer.version,
    policyVersion: scorer.policy.version,
    probability,
    riskLevel,
    fellBack: false,
  }
}

function standInsFor(
  failed: ServedModel | undefined,
  models: FallbackInput['models'],
): [StandIn, ServedModel][] {
  const champion = failed?.arm === 'challenger' ? models.served('champion') : undefined
  const previous = models.previous('champion')
  return [
    ...(champion ? [['champion', champion] as [StandIn, ServedModel]] : []),
    ...(previous ? [['previous', previous] as [StandIn, ServedModel]] : []),
  ]
}

function reasonOf(served: ServedModel | undefined, fault: unknown): FallbackReason {
  if (!served) return 'no_model'
  return fault instanceof NotAProbability ? 'not_a_probability' : 'threw'
}

/** Causes that are remembered as told; beyond them all is told again. */
const MAX_TOLD = 100

/** Tells each fault of each version once: a broken model would fill the log with every payment. */
function createTeller(logger: Logger): (served: ServedModel, error: unknown) => void {
  const told = new Set<string>()
  return ({ scorer, arm }, error) => {
    const fault = error instanceof NotAProbability ? { type: 'NotAProbability', at: [] } : faultOf(error)
    const key = [scorer.version, arm, fault.type, fault.at[0]].join('\n')
    if (told.has(key)) return
    if (told.size >= MAX_TOLD) told.clear()
    told.add(key)
    logger.error(
      { model: scorer.name, version: scorer.version, arm, fault },
      'the model failed while scoring',
    )
  }
}
