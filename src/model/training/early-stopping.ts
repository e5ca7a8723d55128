/** Watches one value an iteration and says when it has not become better for too long. */
export interface EarlyStopping {
  readonly bestIteration: number
  readonly bestScore: number
  /** Takes the value of the next iteration; true when training should end. */
  update(value: number): boolean
}

/**
 * XGBoost's rule: the first of equal values is the best; training ends after `rounds` iterations without a
 * better one.
 *
 * @example
 * createEarlyStopping({ rounds: 1, maximise: false }).update(3) // false
 */
export function createEarlyStopping(by: { rounds: number; maximise: boolean }): EarlyStopping {
  let iteration = -1
  let bestIteration = 0
  let bestScore = by.maximise ? -Infinity : Infinity
  return {
    get bestIteration() {
      return bestIteration
    },
    get bestScore() {
      return bestScore
    },
    update(value) {
      iteration++
      if (by.maximise ? value > bestScore : value < bestScore) {
        bestIteration = iteration
        bestScore = value
      }
      return iteration - bestIteration >= by.rounds
    },
  }
}
