import assert from 'node:assert/strict'
import test from 'node:test'
import { parseParams } from '../model/index.ts'
import { DEFAULT_SPACE, defaultsWithin, distributionsOf, SPECIFICATION_SPACE } from './search-space.ts'

const refused = (space: Parameters<typeof distributionsOf>[0], error: object) =>
  assert.throws(() => distributionsOf(space), error)

test('a range is searched in whole numbers where XGBoost wants them, under its first name', () => {
  const { max_depth, learning_rate } = distributionsOf({
    max_depth: { low: 3, high: 9 },
    eta: { low: 0.01, high: 0.3, log: true },
  })
  assert.deepEqual({ ...max_depth }, { kind: 'int', low: 3, high: 9, log: false, step: 1 })
  assert.deepEqual({ ...learning_rate }, { kind: 'float', low: 0.01, high: 0.3, log: true, step: null })
})

test('XGBoost’s own defaults are within the spaces that we offer', () => {
  const { learningRate, maxDepth, nEstimators } = parseParams({})
  assert.deepEqual(defaultsWithin(distributionsOf(SPECIFICATION_SPACE)), {
    n_estimators: nEstimators,
    max_depth: maxDepth,
    learning_rate: learningRate,
  })
  const names = Object.keys(DEFAULT_SPACE)
  assert.deepEqual(Object.keys(defaultsWithin(distributionsOf(DEFAULT_SPACE))), names)
})

test('a default outside the range is left to the sampler', () => {
  const distributions = distributionsOf({ max_depth: { low: 8, high: 9 }, gamma: { low: 0, high: 1 } })
  assert.deepEqual(defaultsWithin(distributions), { gamma: 0 })
})

test('what cannot be searched is refused by its name', () => {
  refused({ depth: { low: 1, high: 2 } }, { code: 'PARAM_UNKNOWN' })
  refused({ subsample: { low: 0, high: 1 } }, /"subsample" must be a number above 0 and at most 1, got 0/)
  refused({ max_depth: { low: 1.5, high: 4 } }, /"max_depth" must be an integer/)
  refused({ max_depth: { low: 9, high: 4 } }, /"max_depth": `low <= high` must hold/)
  refused({ gamma: { low: 0, high: 4, log: true } }, /"gamma": `low > 0` must hold for `log: true`/)
  refused({ grow_policy: { low: 0, high: 1 } }, { code: 'PARAM_INVALID' })
  refused({ booster: { low: 0, high: 1 } }, { code: 'PARAM_INVALID' })
  refused({ max_bin: { low: 16, high: 64 } }, /"max_bin" must be the same for all trials/)
  refused({ eta: { low: 0.1, high: 1 }, learning_rate: { low: 0.1, high: 1 } }, /searched in one range/)
})
