import type { Booster } from '../booster.ts'
import type { BoosterParams } from '../params.ts'
import type { IterationEvent, TrainingData } from './trainer.ts'

/** A training that is about to start: its complete parameters, and its data as they were given. */
export interface ObservedTraining {
  readonly params: BoosterParams
  readonly data: TrainingData
}

/** What an observer wants to hear of one training. Nothing that it throws is caught. */
export interface TrainingObservation {
  iteration(event: IterationEvent): void
  /** Called once at the end; without a booster the training has failed with `error`. */
  end(outcome: { readonly booster: Booster } | { readonly error: unknown }): void
}

/** Told of each training once its data are checked; `undefined` lets it pass unseen. */
export type TrainingObserver = (training: ObservedTraining) => TrainingObservation | undefined

let observer: TrainingObserver | undefined

/**
 * Has every later training of this process observed, by `trainBooster` and by `embeddedTrainer`; `undefined` ends it.
 * One observer at a time: the last one counts. It sees numbers and changes none.
 */
export function observeTraining(next: TrainingObserver | undefined): void {
  observer = next
}

/** The observation of a training that starts now, if anyone observes. */
export function observationOf(training: ObservedTraining): TrainingObservation | undefined {
  return observer?.(training)
}
