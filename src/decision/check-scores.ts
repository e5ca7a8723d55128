import { FdsError } from '../errors.ts'
import type { Vector } from '../math/index.ts'

/** Labels, scores and weights that passed the checks, as typed arrays for the kernels. */
export interface CheckedScores {
  readonly labels: Uint8Array
  readonly scores: Float64Array
  readonly weight: Float64Array | undefined
}

/**
 * The one door for labels and scores: every public function of `decision` and `evaluation` goes through it.
 * Lengths must agree, labels be 0 or 1, scores finite numbers, weights finite numbers of at least 0
 * (SCORES_INVALID otherwise). No rows are let through: what they mean is each function's own matter.
 * Cost O(rows), one copy.
 *
 * @example
 * checkScores({ yTrue: [0, 1], scores: [0.1, 0.9] }).labels // Uint8Array [0, 1]
 */
export function checkScores(given: {
  yTrue: Vector
  scores: Vector
  weight?: Vector | undefined
}): CheckedScores {
  const rows = given.yTrue.length
  return {
    labels: checkLabels(given.yTrue),
    scores: copyNumbers({ values: given.scores, name: 'score', rows, minimum: -Infinity }),
    weight: given.weight && copyNumbers({ values: given.weight, name: 'weight', rows, minimum: 0 }),
  }
}

function checkLabels(yTrue: Vector): Uint8Array {
  const labels = new Uint8Array(yTrue.length)
  for (let i = 0; i < yTrue.length; i++) {
    const label = yTrue[i]
    if (label !== 0 && label !== 1) {
      throw new FdsError('SCORES_INVALID', { reason: `label ${i} must be 0 or 1, got ${label}` })
    }
    labels[i] = label
  }
  return labels
}

function copyNumbers(given: { values: Vector; name: string; rows: number; minimum: number }): Float64Array {
  const { values, name, rows, minimum } = given
  if (values.length !== rows) {
    const reason = `there must be one ${name} a label, got ${values.length} for ${rows} labels`
    throw new FdsError('SCORES_INVALID', { reason })
  }
  const copy = new Float64Array(rows)
  for (let i = 0; i < rows; i++) {
    const value = values[i]
    if (!Number.isFinite(value) || value < minimum) {
      const expected = minimum === 0 ? 'a finite number of at least 0' : 'a finite number'
      throw new FdsError('SCORES_INVALID', { reason: `${name} ${i} must be ${expected}, got ${value}` })
    }
    copy[i] = value
  }
  return copy
}
