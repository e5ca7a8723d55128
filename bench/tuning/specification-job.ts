import type { DataFiles } from '../trees/jobs.ts'

/** One study: what both programs are asked, as one JSON argument. */
export interface StudyJob {
  /** The last fifth of the rows validates, those before it train. */
  readonly data: DataFiles
  /** More of the same world, seen by no trial. */
  readonly test: DataFiles
  readonly trials: number
  readonly seed: number
  /** Trials at once, and threads of each. */
  readonly jobs: number
  readonly threads: number
  /** Ours alone; the peer's is Optuna's TPE. */
  readonly sampler: 'auto' | 'tpe'
  /** Ours alone; 0 grows all trees, as the peer does. */
  readonly earlyStoppingRounds: number
}

/** What both answer, as one JSON line. */
export interface StudyAnswer {
  readonly readSeconds: number
  /** From the matrix to the best parameters. */
  readonly searchSeconds: number
  /** Average precision on the validation rows, of the best trial. */
  readonly best: number
  /** The same on the test rows, of a model that the best parameters trained. */
  readonly test: number
}
