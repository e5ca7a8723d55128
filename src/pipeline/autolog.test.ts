import assert from 'node:assert/strict'
import test, { after, afterEach, before } from 'node:test'
import { embeddedTrainer, quantileMatrix, type TrainingData, trainBooster } from '../model/index.ts'
import {
  logMetrics,
  type MlflowClient,
  type Run,
  setExperiment,
  setTrackingClient,
  startRun,
} from '../tracking/index.ts'
import { openTestServer, type TestServer } from '../tracking/server/tracking-test-server.ts'
import { autolog, flushAutolog } from './autolog.ts'

const X = { rowCount: 6, columnCount: 2, values: Float32Array.of(1, 0, 2, 1, 3, 0, 4, 1, 5, 0, 6, 1) }
const Y = [0, 0, 0, 1, 1, 1]
const DATA: TrainingData = {
  x: X,
  y: Y,
  featureNames: ['amount', 'hour'],
  evalSets: [
    { name: 'train', x: X, y: Y },
    { name: 'valid', x: X, y: [0, 0, 1, 0, 1, 1] },
  ],
}
const PARAMS = { nEstimators: 4, minChildWeight: 0, evalMetric: ['auc', 'logloss'] } as const

let served: TestServer
let client: MlflowClient
let experimentId: string
before(async () => {
  served = await openTestServer()
  client = served.client
  setTrackingClient(client)
  experimentId = (await setExperiment('autolog')).experimentId
})
after(() => served.close())
afterEach(() => autolog({ disable: true }))

const runsSince = async (before: readonly Run[] = []) => {
  const { items } = await client.searchRuns({ experimentIds: [experimentId] })
  return items.filter((run) => !before.some((old) => old.info.runId === run.info.runId))
}
const namesIn = async (runId: string) => (await client.listArtifacts(runId)).map((file) => file.path)

test('a training within startRun logs to its run under the names of MLflow', async () => {
  autolog()
  const runId = await startRun({}, async (run) => {
    trainBooster(PARAMS, DATA)
    await logMetrics({ recall: 1 })
    return run.info.runId
  })
  const { data, inputs, info } = await client.getRun(runId)
  assert.equal(info.status, 'FINISHED')
  const { num_boost_round, early_stopping_rounds, custom_metric, max_depth, objective, eval_metric } =
    data.params
  assert.deepEqual(
    [num_boost_round, early_stopping_rounds, custom_metric, max_depth, objective, eval_metric],
    ['4', 'None', 'None', '6', 'binary:logistic', 'auc,logloss'],
  )
  const metrics = ['recall', 'train-auc', 'train-logloss', 'valid-auc', 'valid-logloss']
  assert.deepEqual(Object.keys(data.metrics).toSorted(), metrics)
  const history = await client.getMetricHistory(runId, 'valid-logloss')
  assert.deepEqual(
    history.map(({ step }) => step),
    [0, 1, 2, 3],
  )
  const again = trainBooster(PARAMS, DATA).evalHistory['valid']!['logloss']
  assert.deepEqual(
    history.map(({ value }) => value),
    again,
  )
  assert.deepEqual(await namesIn(runId), ['feature_importance_weight.json', 'feature_importance_weight.svg'])
  assert.deepEqual(
    inputs.map(({ dataset, tags }) => [dataset.name, tags['mlflow.data.context']]).toSorted(),
    [
      ['dataset', 'train'],
      ['train', 'eval'],
      ['valid', 'eval'],
    ],
  )
  assert.match(inputs[0]!.dataset.schema!, /"amount"/)
  await flushAutolog()
})

test('after early stopping the best iteration is logged one step behind the last', async () => {
  autolog()
  const { runId, booster } = await startRun({}, async (run) => {
    const params = { ...PARAMS, nEstimators: 50, earlyStoppingRounds: 2, learningRate: 1 }
    return { runId: run.info.runId, booster: await embeddedTrainer.train(params, DATA) }
  })
  const { metrics, params } = (await client.getRun(runId)).data
  const history = await client.getMetricHistory(runId, 'valid-logloss')
  const last = history.length - 2
  assert.deepEqual(
    [metrics['best_iteration'], metrics['stopped_iteration'], params['early_stopping_rounds']],
    [booster.bestIteration, last, '2'],
  )
  assert.ok(booster.bestIteration! < last)
  const point = history.at(-1)!
  assert.deepEqual([point.step, point.value], [last + 1, history[booster.bestIteration!]!.value])
})

test('a training outside of any run gets a run of its own, also where it blocks or has bins alone', async () => {
  autolog({ importanceTypes: ['gain'] })
  const before = await runsSince()
  trainBooster(PARAMS, DATA)
  const { evalSets: _, ...alone } = DATA
  await embeddedTrainer.train(PARAMS, { ...alone, x: quantileMatrix(X) })
  await flushAutolog()
  const runs = await runsSince(before)
  assert.equal(runs.length, 2)
  for (const { info, data } of runs) {
    assert.deepEqual([info.status, data.tags['mlflow.autologging']], ['FINISHED', 'xgboost'])
    assert.deepEqual(await namesIn(info.runId), [
      'feature_importance_gain.json',
      'feature_importance_gain.svg',
    ])
  }
  assert.deepEqual(runs.map((run) => run.inputs.length).toSorted(), [0, 3])
})

test('a training that fails makes its own run FAILED, and the error passes on', async () => {
  autolog()
  const before = await runsSince()
  const failing = () =>
    trainBooster(PARAMS, {
      ...DATA,
      onIteration: () => {
        throw new Error('broken')
      },
    })
  assert.throws(failing, /broken/)
  await flushAutolog()
  assert.deepEqual(
    (await runsSince(before)).map((run) => run.info.status),
    ['FAILED'],
  )
})

test('turned off, nothing is logged', async () => {
  autolog()
  autolog({ disable: true })
  const before = await runsSince()
  trainBooster(PARAMS, DATA)
  await flushAutolog()
  assert.deepEqual(await runsSince(before), [])
})
