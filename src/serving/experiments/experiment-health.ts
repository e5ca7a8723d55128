import type { Evaluation } from './evaluate-experiment.ts'
import type { Experiment, ExperimentAction } from './experiment.ts'

/** An evaluation and when it was made, in milliseconds since 1970. */
export interface TimedEvaluation {
  readonly experiment: string
  readonly at: number
  readonly evaluation: Evaluation
}

/** How the A/B test is doing, as last seen: asking costs nothing and evaluates nothing. */
export interface ExperimentHealth {
  running(): Experiment | undefined
  /** The last evaluation, of whichever experiment. */
  evaluated(): TimedEvaluation | undefined
  /** What was done since the start, by kind. */
  readonly actions: Readonly<Record<ExperimentAction, number>>
}
