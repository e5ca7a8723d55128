import type { Transaction } from '../../data/transaction.ts'
import type { RiskLevel } from '../../decision/risk-level.ts'
import { FdsError } from '../../errors.ts'
import { faultOf, type Logger } from '../../log.ts'
import type { Decision, ShadowScore } from '../log/decision.ts'
import type { DecisionLog } from '../log/decision-log.ts'
import type { ServedModel } from '../models/model-source.ts'

/** A transaction that was decided and now meets the other model. */
export interface ShadowJob {
  readonly decision: Decision
  readonly transaction: Transaction
  readonly shadow: ServedModel
}

/** What became of jobs: stored beside the decision, refused because the queue was full, or failed. */
export type ShadowOutcome = 'scored' | 'dropped' | 'failed'

export interface ShadowQueue {
  /** Takes a job and returns at once; never throws. */
  add(job: ShadowJob): void
  /** Jobs held, those included that are being stored. */
  readonly depth: number
  /** Scores and stores what waits. Call it before the log closes. */
  close(): Promise<void>
}

export interface ShadowQueueInput {
  readonly log: Pick<DecisionLog, 'addShadows'>
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly logger: Logger
  readonly count: (outcome: ShadowOutcome, jobs: number) => void
  /** Told where the two models gave a transaction different risk levels. */
  readonly disagreed: (champion: RiskLevel, challenger: RiskLevel) => void
  /** Jobs held at most, those included that are being stored; default 10,000, some 10 MB. */
  readonly capacity?: number
}

/** Jobs scored in one turn of the event loop at most; a millisecond's work for a large model. */
const SLICE = 32
const BATCH = 256

/**
 * Scores transactions by the model that did not decide, after their answers have left: a slice of at most 32 jobs or
 * about a millisecond in each turn of the event loop, so that requests come between. The scores are stored many at a
 * time, one write in flight. What cannot be taken, scored or stored is counted, and no request hears of it.
 */
export function createShadowQueue(input: ShadowQueueInput): ShadowQueue {
  const { log, now, logger, count, disagreed, capacity = 10_000 } = input
  let incoming: ShadowJob[] = []
  let current: ShadowJob[] = []
  let next = 0
  const scored: ShadowScore[] = []
  let held = 0
  let isScheduled = false
  let isWriting = false
  let onIdle = () => {}
  let lastTrouble = ''

  const settle = (outcome: ShadowOutcome, jobs: number) => {
    held -= jobs
    count(outcome, jobs)
    if (held === 0) onIdle()
  }
  const fail = (error: unknown, jobs: number) => {
    // a challenger with other columns fails at every payment: the same trouble is told once
    const trouble = String(error)
    const fault = error instanceof FdsError ? error.message : faultOf(error)
    if (trouble !== lastTrouble) logger.warn({ fault }, 'shadow scores are being lost')
    lastTrouble = trouble
    settle('failed', jobs)
  }
  const store = async () => {
    isWriting = true
    const batch = scored.splice(0, BATCH)
    try {
      await log.addShadows(batch)
      settle('scored', batch.length)
    } catch (error) {
      fail(error, batch.length)
    }
    isWriting = false
    writeIfDue()
  }
  const writeIfDue = () => {
    const isDue = scored.length >= BATCH || (scored.length > 0 && !isScheduled)
    if (isDue && !isWriting) void store()
  }
  const score = (job: ShadowJob) => {
    try {
      const shadow = shadowScoreOf(job, now())
      scored.push(shadow)
      const [decided, other] = [job.decision.riskLevel, shadow.riskLevel]
      if (decided === other) return
      if (shadow.arm === 'challenger') disagreed(decided, other)
      else disagreed(other, decided)
    } catch (error) {
      fail(error, 1)
    }
  }
  const turn = () => {
    const end = now() + 1
    for (let done = 0; done < SLICE && (done === 0 || now() < end); done++) {
      if (next === current.length) [current, incoming, next] = [incoming, [], 0]
      if (current.length === 0) break
      score(current[next++]!)
    }
    isScheduled = next < current.length || incoming.length > 0
    if (isScheduled) setImmediate(turn)
    writeIfDue()
  }

  return {
    get depth() {
      return held
    },
    add: (job) => {
      if (held >= capacity) return count('dropped', 1)
      held++
      incoming.push(job)
      if (isScheduled) return
      isScheduled = true
      setImmediate(turn)
    },
    close: async () => {
      if (held === 0) return
      const { promise, resolve } = Promise.withResolvers<void>()
      onIdle = resolve
      await promise
    },
  }
}

function shadowScoreOf({ decision, transaction, shadow }: ShadowJob, now: number): ShadowScore {
  const { scorer, arm } = shadow
  const { probability, riskLevel } = scorer.score(transaction)
  return {
    transactionId: decision.transactionId,
    arm,
    modelVersion: scorer.version,
    policyVersion: scorer.policy.version,
    probability,
    riskLevel,
    createdAt: now / 1000,
  }
}
