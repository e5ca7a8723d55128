import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { FdsError } from '../../errors.ts'
import { WHAT } from '../log/read-decisions.ts'
import type { Evaluation } from './evaluate-experiment.ts'
import type { Experiment } from './experiment.ts'
import type { TimedEvaluation } from './experiment-health.ts'

/** Where the serving database lies, as `openServingDatabase` takes it. */
export interface EvaluationTarget {
  readonly home: string
  readonly databaseUrl?: string | undefined
}

export interface EvaluationQuestion {
  readonly experiment: Experiment
  readonly now: number
}

export type EvaluationAnswer = { readonly evaluation: Evaluation } | { readonly reason: string }

/** Evaluates experiments in a thread, one at a time. */
export interface EvaluationHandle {
  /** The evaluation as of now, or of at most two seconds ago; STORAGE_FAILED. */
  evaluate(experiment: Experiment): Promise<Evaluation>
  /** The last one, whenever it was made. */
  latest(): TimedEvaluation | undefined
  close(): Promise<void>
}

/** Who asks twice within so long gets one answer. */
const CACHE_MS = 2000

/** Rows live for a moment; a small young generation keeps a million of them from filling the memory. */
const YOUNG_MIB = 16

/** Starts the thread with the first question, and anew where it died. */
export function createEvaluationHandle(input: {
  readonly target: EvaluationTarget
  readonly now: () => number
}): EvaluationHandle {
  const { target, now } = input
  let thread: Worker | undefined
  let last: { key: string; at: number; evaluation: Promise<Evaluation> } | undefined
  let queue: Promise<unknown> = Promise.resolve()
  let latest: TimedEvaluation | undefined
  let isClosed = false

  const start = (): Worker => {
    const worker = new Worker(new URL('evaluation-thread.ts', import.meta.url), {
      workerData: target,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MIB },
    })
    // what it died of is told by the exit that follows
    worker.on('error', () => {})
    worker.on('exit', () => {
      thread = undefined
    })
    return worker
  }
  const ask = async (experiment: Experiment): Promise<Evaluation> => {
    if (isClosed) throw new FdsError('STORAGE_FAILED', { what: WHAT, reason: 'it is closed' })
    thread ??= start()
    const answer = await new Promise<EvaluationAnswer>((resolve) => {
      thread!.once('message', resolve)
      thread!.once('exit', () => resolve({ reason: 'the thread that evaluates ended' }))
      thread!.postMessage({ experiment, now: now() } satisfies EvaluationQuestion)
    })
    thread?.removeAllListeners('message')
    if ('evaluation' in answer) {
      latest = { experiment: experiment.id, at: now(), evaluation: answer.evaluation }
      return answer.evaluation
    }
    throw new FdsError('STORAGE_FAILED', { what: WHAT, reason: answer.reason })
  }
  return {
    evaluate: (experiment) => {
      const key = `${experiment.id}\n${experiment.revision}`
      if (last?.key === key && now() - last.at < CACHE_MS) return last.evaluation
      const evaluation = queue.then(() => ask(experiment))
      queue = evaluation.catch(() => {
        last = undefined
      })
      last = { key, at: now(), evaluation }
      return evaluation
    },
    latest: () => latest,
    close: async () => {
      isClosed = true
      await queue
      if (!thread) return
      const ended = once(thread, 'exit')
      thread.postMessage(null)
      await ended
    },
  }
}
