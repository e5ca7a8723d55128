/**
 * Thrown by an objective to end its trial early: the study marks the trial PRUNED and goes on. Not an error.
 *
 * @example
 * new TrialPruned().message // 'The trial was pruned'
 */
export class TrialPruned extends Error {
  override readonly name = 'TrialPruned'

  constructor(message = 'The trial was pruned') {
    super(message)
  }
}
