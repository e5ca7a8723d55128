import assert from 'node:assert/strict'
import test from 'node:test'
import { createRandom } from '../../math/random.ts'
import { Booster } from '../booster.ts'
import { failsWith, randomRows, SAMPLED } from '../data.fixture.ts'
import { evaluate } from './eval-metrics.ts'
import { quantileMatrix } from './quantile-matrix.ts'
import { trainBooster } from './train-booster.ts'

const small = randomRows(createRandom(7), { rows: 400, columns: 5, missing: 0.1 })

test('continues a model as if it had never stopped, bit for bit', () => {
  for (const params of [{ maxDepth: 4 }, SAMPLED]) {
    const seen: number[] = []
    const whole = trainBooster({ ...params, nEstimators: 10 }, small)
    const first = trainBooster({ ...params, nEstimators: 5 }, small)
    const both = trainBooster(
      { ...params, nEstimators: 5 },
      {
        ...small,
        model: first,
        onIteration: ({ iteration, total }) => {
          assert.equal(total, 10)
          seen.push(iteration)
        },
      },
    )
    assert.deepEqual(seen, [5, 6, 7, 8, 9])
    assert.equal(both.baseScore, whole.baseScore)
    assert.deepEqual(both.trees, whole.trees)
  }
})

test('measures a continued model with all its trees', () => {
  const held = { name: 'held out', ...randomRows(createRandom(21), { rows: 200, columns: 5 }) }
  const data = { ...small, evalSets: [held] }
  const whole = trainBooster({ nEstimators: 10 }, data)
  const both = trainBooster({ nEstimators: 5 }, { ...data, model: trainBooster({ nEstimators: 5 }, data) })
  const [losses, all] = [both, whole].map(({ evalHistory }) => evalHistory['held out']['logloss'])
  assert.deepEqual(losses.slice(-5), all.slice(-5))
})

test('continues behind all trees of a model, those past its best iteration too', () => {
  const first = trainBooster({ nEstimators: 5, maxDepth: 4 }, small)
  const { featureNames, baseScore, trees } = first
  const stopped = new Booster({ featureNames, baseScore, trees, bestIteration: 2 })
  const continued = (model: Booster) =>
    trainBooster({ nEstimators: 2, maxDepth: 4 }, { ...small, model }).trees
  assert.deepEqual(continued(stopped), continued(first))
})

test('stops a continued training early at the best iteration of the whole model', () => {
  const held = { name: 'held out', ...randomRows(createRandom(12), { rows: 300, columns: 5, missing: 0.1 }) }
  const data = { ...small, evalSets: [held] }
  const first = trainBooster({ nEstimators: 2 }, data)
  const both = trainBooster({ nEstimators: 500, earlyStoppingRounds: 5 }, { ...data, model: first })
  const probabilities = both.predict(held.x)
  assert.ok(both.bestIteration !== undefined && both.bestIteration >= 2)
  assert.equal(both.trees.length, both.bestIteration + 1)
  assert.equal(evaluate('logloss', { labels: held.y, probabilities }), both.bestScore)
})

test('refuses to continue a model on bins or on other columns', () => {
  const model = trainBooster({ nEstimators: 1 }, small)
  const onBins = failsWith('TRAINING_DATA_INVALID', 'on the matrix of its numbers')
  assert.throws(() => trainBooster({}, { x: quantileMatrix(small.x), y: small.y, model }), onBins)
  const other = randomRows(createRandom(1), { rows: 50, columns: 4 })
  assert.throws(() => trainBooster({}, { ...other, model }))
})
