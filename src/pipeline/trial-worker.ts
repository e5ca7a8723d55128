// A thread that trains: takes one fold of one trial after another and answers with what it measured.
import { parentPort, workerData } from 'node:worker_threads'
import { type FoldResult, measureFold } from './measure-fold.ts'
import type { Fold } from './tune-folds.ts'
import { type MetricName, metricOf } from './tune-metric.ts'

/** What every task of a worker has in common. */
export interface WorkerInput {
  readonly folds: readonly Fold[]
  /** What early stopping watches and the answer holds. */
  readonly metric: MetricName
  /** Whether answers hold the scores, for a metric that the threads do not know. */
  readonly withScores: boolean
}

export interface WorkerTask {
  /** Which of the folds. */
  readonly fold: number
  readonly params: Readonly<Record<string, unknown>>
  /** A value to beat, see `measureFold`. */
  readonly rival?: number | undefined
}

export type WorkerAnswer = FoldResult | { readonly failure: string }

const { folds, metric, withScores } = workerData as WorkerInput

parentPort?.on('message', (task: WorkerTask) => {
  parentPort?.postMessage(answer(task))
})

function answer({ fold, params, rival }: WorkerTask): WorkerAnswer {
  try {
    return measureFold(folds[fold]!, { params, rival, metric: metricOf(metric), withScores })
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error) }
  }
}
