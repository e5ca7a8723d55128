import { setTimeout as sleep } from 'node:timers/promises'
import { FdsError } from '../errors.ts'
import { faultOf, type Logger } from '../log.ts'
import {
  type AbExperiment,
  actOnVerdict,
  createEvaluationHandle,
  createExperimentDesk,
  createExperimentStore,
  type EvaluationHandle,
  type ExperimentDesk,
  type ExperimentHealth,
  type ServingDatabase,
  watchExperiment,
} from '../serving/index.ts'
import type { MlflowClient } from '../tracking/index.ts'

export interface AbServiceInput {
  readonly database: ServingDatabase
  readonly client: MlflowClient
  readonly modelName: string
  readonly home: string
  readonly databaseUrl?: string | undefined
  readonly now: () => number
  readonly createId: () => string
  readonly logger: Logger
  /** Between two looks that may promote or stop by themselves; an hour by default. */
  readonly autoEveryMs?: number | undefined
  /** Between two evaluations for the metrics, at least; 15 s by default. */
  readonly evaluateEveryMs?: number | undefined
}

/** The A/B tests of a service. */
export interface AbService {
  readonly desk: ExperimentDesk
  /** The running experiment, as last read. */
  readonly experiment: () => AbExperiment | undefined
  /** The same with its last evaluation, for the metrics. */
  readonly health: ExperimentHealth
  /** What makes the service degraded. */
  readonly troubles: () => readonly string[]
  /** Ends what runs beside the requests; before the database closes. */
  close(): Promise<void>
}

const HOUR_MS = 3_600_000
const EVALUATE_EVERY_MS = 15_000
/** Evaluations that nobody asked for take a fiftieth of a thread's time at most. */
const SPARING = 50

/**
 * Follows the experiments of a model in the serving database, evaluates them in a thread, and acts on verdicts where
 * an experiment asks for it. Every worker and replica may do so: each step compares and sets.
 */
export async function openAbService(input: AbServiceInput): Promise<AbService> {
  const { database, modelName, home, databaseUrl, now, logger, autoEveryMs = HOUR_MS } = input
  const everyMs = input.evaluateEveryMs ?? EVALUATE_EVERY_MS
  const store = createExperimentStore(database, { now })
  const source = await watchExperiment({ store, modelName, logger })
  const evaluation = createEvaluationHandle({ target: { home, databaseUrl }, now })
  const actions = { start: 0, ramp: 0, stop: 0, promote: 0, rollback: 0 }
  const desk = createExperimentDesk({
    ...input,
    store,
    evaluate: evaluation.evaluate,
    onChange: async (action) => {
      actions[action]++
      await source.refresh()
    },
  })
  const stop = new AbortController()
  const acting = actAgainAndAgain({ desk, logger, everyMs: autoEveryMs, signal: stop.signal })
  const { signal } = stop
  const evaluating = evaluateAgainAndAgain({ running: source.current, evaluation, now, everyMs, signal })
  return {
    desk,
    experiment: source.current,
    health: { running: source.current, evaluated: evaluation.latest, actions },
    troubles: () => [source.trouble() ?? []].flat(),
    close: async () => {
      stop.abort()
      await Promise.all([acting, evaluating])
      await source.close()
      await evaluation.close()
    },
  }
}

async function actAgainAndAgain(input: {
  readonly desk: ExperimentDesk
  readonly logger: Logger
  readonly everyMs: number
  readonly signal: AbortSignal
}): Promise<void> {
  const { desk, logger, everyMs, signal } = input
  while (!signal.aborted) {
    await sleep(everyMs, undefined, { signal }).catch(() => {})
    if (signal.aborted) return
    try {
      const done = await actOnVerdict(desk)
      if (done) logger.info({ model: desk.input.modelName, done }, 'acted on the verdict of the A/B test')
    } catch (error) {
      // another worker may have been faster; the next look comes
      const fault = error instanceof FdsError ? error.message : faultOf(error)
      logger.warn({ fault, model: desk.input.modelName }, 'could not act on the A/B test')
    }
  }
}

/** Keeps the evaluation of the running experiment fresh for the metrics. */
async function evaluateAgainAndAgain(input: {
  readonly running: () => AbExperiment | undefined
  readonly evaluation: EvaluationHandle
  readonly now: () => number
  readonly everyMs: number
  readonly signal: AbortSignal
}): Promise<void> {
  const { running, evaluation, now, everyMs, signal } = input
  let pauseMs = everyMs
  while (!signal.aborted) {
    await sleep(pauseMs, undefined, { signal }).catch(() => {})
    pauseMs = everyMs
    const experiment = running()
    if (signal.aborted || !experiment) continue
    const started = now()
    // its age in the metrics tells of a failure
    await evaluation.evaluate(experiment).catch(() => {})
    pauseMs = Math.max(everyMs, SPARING * (now() - started))
  }
}
