import assert from 'node:assert/strict'
import test, { afterEach } from 'node:test'
import { observeTraining } from './observe-training.ts'
import { embeddedTrainer, trainBooster } from './train-booster.ts'

const DATA = { x: [[1], [2], [3], [4]], y: [0, 0, 1, 1] }
const PARAMS = { nEstimators: 2, minChildWeight: 0 }

afterEach(() => observeTraining(undefined))

test('both ways to train are observed from their checked parameters to the booster', async () => {
  const heard: unknown[] = []
  observeTraining(({ params, data }) => {
    heard.push([params.nEstimators, params.maxDepth, data.y])
    return {
      iteration: ({ iteration, total }) => heard.push([iteration, total]),
      end: (outcome) => heard.push('booster' in outcome ? outcome.booster : 'failed'),
    }
  })
  const course = (booster: unknown) => [[2, 6, DATA.y], [0, 2], [1, 2], booster]
  const first = trainBooster(PARAMS, DATA)
  assert.deepEqual(heard.splice(0), course(first))
  const second = await embeddedTrainer.train(PARAMS, DATA)
  assert.deepEqual(heard.splice(0), course(second))
})

test('the callback of the training still decides when it stops, and its error ends the observation', () => {
  const heard: string[] = []
  observeTraining(() => ({
    iteration: () => heard.push('iteration'),
    end: (outcome) => heard.push('error' in outcome ? String(outcome.error) : 'ended'),
  }))
  assert.equal(trainBooster(PARAMS, { ...DATA, onIteration: () => false }).trees.length, 1)
  const broken = () => {
    throw new Error('broken')
  }
  assert.throws(() => trainBooster(PARAMS, { ...DATA, onIteration: broken }), /broken/)
  assert.deepEqual(heard, ['iteration', 'ended', 'iteration', 'Error: broken'])
})

test('an observer may pass a training by, and changes no bit of the model', () => {
  const plain = trainBooster(PARAMS, DATA)
  observeTraining(() => undefined)
  assert.deepEqual(trainBooster(PARAMS, DATA), plain)
  assert.throws(() => trainBooster({ maxDepth: -1 }, DATA), { code: 'PARAM_INVALID' })
})
