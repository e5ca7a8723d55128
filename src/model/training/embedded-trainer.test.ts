// Trainings that share a quantile matrix or a thread, and those that are stopped.
import assert from 'node:assert/strict'
import test from 'node:test'
import { createRandom } from '../../math/random.ts'
import { failsWith, randomRows, SAMPLED } from '../data.fixture.ts'
import { quantileMatrix } from './quantile-matrix.ts'
import { embeddedTrainer, trainBooster } from './train-booster.ts'
import type { TrainingData } from './trainer.ts'

const small = randomRows(createRandom(7), { rows: 400, columns: 5, missing: 0.1 })

test('trains on the bins of a matrix as on the matrix', () => {
  const { x, y } = small
  const weight = Float32Array.from(y, (_, row) => row % 3)
  for (const maxBin of [16, 256, 300]) {
    const bins = quantileMatrix(x, { maxBin, weight })
    const params = { ...SAMPLED, maxBin }
    assert.deepEqual(trainBooster(params, { x: bins, y, weight }), trainBooster(params, { x, y, weight }))
  }
  const mismatch = failsWith('PARAM_INVALID', 'must be 256, as the quantile matrix was made with, got 16')
  assert.throws(() => trainBooster({ maxBin: 16 }, { x: quantileMatrix(x), y }), mismatch)
})

test('serves several trainings with one quantile matrix, one after another and at a time', async () => {
  const { x, y } = small
  const bins = quantileMatrix(x)
  const runs = [
    { ...SAMPLED, seed: 1 },
    { nEstimators: 3 },
    { ...SAMPLED, maxDepth: 7 },
    { nEstimators: 14, maxDepth: 2 },
  ]
  const expected = runs.map((params) => trainBooster(params, { x, y }).trees)
  assert.deepEqual(
    runs.map((params) => trainBooster(params, { x: bins, y }).trees),
    expected,
  )
  const size = bins.memory.buffer.byteLength
  assert.deepEqual(
    runs.map((params) => trainBooster(params, { x: bins, y }).trees),
    expected,
  )
  // what a training took serves the next
  assert.equal(bins.memory.buffer.byteLength, size)
  const boosters = await Promise.all(runs.map((params) => embeddedTrainer.train(params, { x: bins, y })))
  assert.deepEqual(
    boosters.map(({ trees }) => trees),
    expected,
  )
})

test('lets timers turn while the embedded trainer trains, and trains the same model', async () => {
  let turns = 0
  const timer = setInterval(() => {
    turns++
  }, 1)
  const params = { nEstimators: 150, maxDepth: 4 }
  const booster = await embeddedTrainer.train(params, small)
  clearInterval(timer)
  assert.ok(turns > 3, `${turns}`)
  assert.deepEqual(booster.trees, trainBooster(params, small).trees)
})

test('throws the reason of its signal when aborted by a timer or in the callback', async () => {
  const byTimer = new AbortController()
  setTimeout(() => byTimer.abort(new Error('out of time')), 5)
  const endless = { nEstimators: 100_000 }
  await assert.rejects(embeddedTrainer.train(endless, { ...small, signal: byTimer.signal }), /out of time/)
  const byCallback = new AbortController()
  const bins = quantileMatrix(small.x)
  const iterations: number[] = []
  const data = {
    ...{ x: bins, y: small.y, signal: byCallback.signal },
    onIteration: ({ iteration }: { iteration: number }) => {
      iterations.push(iteration)
      if (iteration === 2) byCallback.abort()
    },
  }
  assert.throws(() => trainBooster(endless, data), { name: 'AbortError' })
  assert.deepEqual(iterations, [0, 1, 2])
  // what the aborted training took is back
  const size = bins.memory.buffer.byteLength
  trainBooster({ nEstimators: 1 }, { x: bins, y: small.y })
  assert.equal(bins.memory.buffer.byteLength, size)
})

test('passes on what the callback throws', async () => {
  const data: TrainingData = {
    ...small,
    onIteration: () => {
      throw new RangeError('seen enough')
    },
  }
  assert.throws(() => trainBooster({}, data), new RangeError('seen enough'))
  await assert.rejects(embeddedTrainer.train({}, data), new RangeError('seen enough'))
})
