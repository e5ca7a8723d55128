import { startPredictionJob } from '../prediction/prediction-job.ts'
import { startQuantileJob } from '../training/quantile-job.ts'
import { startRowMarginsJob } from '../training/row-margins-job.ts'
import { startTrainingJob } from '../training/training-job.ts'
import type { SharedMemory } from './webassembly.ts'

/** One step of a job, carried out for one index. */
export type Task = (index: number) => void

/** What a helper is told: the kind of job, and what its tasks work on. */
export interface Job {
  readonly kind: JobKind
  readonly memory: SharedMemory
  /** Plain data for the kind's tasks. */
  readonly layout: unknown
  /** Words made by `createControl`. */
  readonly control: Int32Array
  /** The helper's number among the threads of the job; 0 is the thread that leads. */
  readonly thread: number
}

/** Makes the tasks of one kind of job; every thread makes its own, on the same memory. */
type StartJob = (memory: SharedMemory, layout: never, thread: number) => readonly Task[]

const JOBS = {
  prediction: startPredictionJob,
  quantile: startQuantileJob,
  rowMargins: startRowMarginsJob,
  training: startTrainingJob,
} satisfies Record<string, StartJob>

export type JobKind = keyof typeof JOBS

export function startJob({ kind, memory, layout, thread }: Omit<Job, 'control'>): readonly Task[] {
  const start: StartJob = JOBS[kind]
  return start(memory, layout as never, thread)
}
