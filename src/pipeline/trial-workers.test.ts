import assert from 'node:assert/strict'
import test, { after } from 'node:test'
import { measureFold } from './measure-fold.ts'
import { startTrialWorkers } from './trial-workers.ts'
import { smallFolds, TRAINING } from './tune.fixture.ts'
import { metricOf } from './tune-metric.ts'

const folds = smallFolds(2)
const workers = startTrialWorkers({ folds, metric: 'auprc', withScores: false }, 2)
after(() => workers.close())

test('threads that train at once on the same bins each get what one alone gets', async () => {
  const tasks = Array.from({ length: 24 }, (_, i) => ({
    fold: i % 2,
    params: { ...TRAINING, max_depth: 2 + (i % 9), seed: i, subsample: 0.7 },
  }))
  const together = await Promise.all(tasks.map((task) => workers.measure(task)))
  const alone = tasks.map(({ fold, params }) =>
    measureFold(folds[fold]!, { params, metric: metricOf('auprc') }),
  )
  assert.deepEqual(together, alone)
})

test('a task that cannot be trained is rejected with its reason, and the thread takes the next', async () => {
  const bad = { fold: 0, params: { ...TRAINING, max_depth: -1 } }
  const outcomes = await Promise.allSettled([
    workers.measure(bad),
    workers.measure(bad),
    workers.measure({ fold: 0, params: TRAINING }),
  ])
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['rejected', 'rejected', 'fulfilled'],
  )
  assert.match(String((outcomes[0] as PromiseRejectedResult).reason), /"max_depth" must be an integer/)
})

test('the end rejects what is under way and what waits, and what comes later', async () => {
  const ended = startTrialWorkers({ folds, metric: 'auprc', withScores: false }, 1)
  const params = { ...TRAINING, n_estimators: 50_000, early_stopping_rounds: 50_000 }
  const running = Promise.allSettled([1, 2, 3].map(() => ended.measure({ fold: 0, params })))
  await ended.close()
  for (const outcome of await running) assert.equal(outcome.status, 'rejected')
  await assert.rejects(ended.measure({ fold: 0, params }), /the search was stopped/)
})
