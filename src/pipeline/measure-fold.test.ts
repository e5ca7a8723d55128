import assert from 'node:assert/strict'
import test from 'node:test'
import { parseParams, trainBooster } from '../model/index.ts'
import { measureFold } from './measure-fold.ts'
import { smallFolds, TRAINING } from './tune.fixture.ts'
import { METRIC_NAMES, metricOf } from './tune-metric.ts'

const [fold] = smallFolds() as [ReturnType<typeof smallFolds>[number]]

/** The slow twin: as many trees, no early stopping, measured at the end. */
function measuredWith(trees: number, name: (typeof METRIC_NAMES)[number]): number {
  const { early_stopping_rounds: _, ...params } = TRAINING
  const booster = trainBooster(parseParams({ ...params, n_estimators: trees }), fold)
  return metricOf(name).measure(fold.validation.y, booster.predict(fold.validation.x))
}

for (const name of METRIC_NAMES) {
  test(`the best ${name} is that of a training with as many trees, and the best at every fifth tree`, () => {
    const { value, trees, grown } = measureFold(fold, { params: TRAINING, metric: metricOf(name) })
    assert.equal(value, measuredWith(trees, name))
    const looks = Array.from({ length: grown }, (_, tree) => tree + 1).filter(
      (count) => count % 5 === 1 || count === TRAINING.n_estimators,
    )
    const values = looks.map((count) => measuredWith(count, name))
    assert.equal(value, name === 'cost' ? Math.min(...values) : Math.max(...values))
  })
}

test('without early stopping all trees are grown and measured once', () => {
  const { early_stopping_rounds: _, ...params } = TRAINING
  const { value, trees, grown } = measureFold(fold, { params, metric: metricOf('auprc') })
  assert.deepEqual([trees, grown, value], [40, 40, measuredWith(40, 'auprc')])
})

test('growing ends where the rival is out of reach, with the best value up to there', () => {
  const params = { ...TRAINING, n_estimators: 400, early_stopping_rounds: 400 }
  const metric = metricOf('auprc')
  const free = measureFold(fold, { params, metric })
  const beaten = measureFold(fold, { params, metric, rival: 1 })
  assert.equal(free.grown, 400)
  assert.ok(beaten.grown >= 50 && beaten.grown < 400, String(beaten.grown))
  assert.equal(beaten.value, measuredWith(beaten.trees, 'auprc'))
  assert.deepEqual(measureFold(fold, { params, metric, rival: 0.1 }), free)
})

test('gives the scores where they are asked for', () => {
  const { value, scores } = measureFold(fold, {
    params: TRAINING,
    metric: metricOf('auprc'),
    withScores: true,
  })
  assert.equal(metricOf('auprc').measure(fold.validation.y, scores!), value)
})
