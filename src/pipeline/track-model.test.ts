import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { parse } from 'yaml'
import { DEFAULT_POLICY } from '../decision/index.ts'
import { passThroughSpec } from '../features/index.ts'
import { parseParams, saveXgboostModel, trainBooster } from '../model/index.ts'
import { loadModelFiles, writeModelFolder } from '../tracking/index.ts'
import { openTestServer, type TestServer } from '../tracking/server/tracking-test-server.ts'
import { loadModel } from './load-model.ts'
import { matrixSignature } from './matrix-signature.ts'
import { registerModel } from './register-model.ts'
import { ensureExperiment, trackModel } from './track-model.ts'

const NAMES = ['amount', 'hour', 'seen']
const X = {
  rowCount: 4,
  columnCount: 3,
  values: Float32Array.of(1.5, 3, Number.NaN, 2, 4, 1, 30, 5, 0, 40, 6, Number.NaN),
}
const PARAMS = parseParams({ n_estimators: 2, min_child_weight: 0 })
const BOOSTER = trainBooster(PARAMS, { x: X, y: [0, 0, 1, 1], featureNames: NAMES })
const MODEL = { booster: BOOSTER, spec: passThroughSpec(NAMES), policy: DEFAULT_POLICY }
const JSON_FILES = {
  model: saveXgboostModel(BOOSTER, 'json'),
  features: Buffer.from(JSON.stringify(MODEL.spec)),
  policy: Buffer.from(JSON.stringify(MODEL.policy)),
}

let served: TestServer
before(async () => {
  served = await openTestServer()
})
after(() => served.close())

test('a tracked model is a run, its logged model, and a version that knows both', async () => {
  const { client } = served
  const { runId, modelId } = await trackModel({
    client,
    model: { ...MODEL, signature: matrixSignature(X, NAMES) },
    training: { params: PARAMS, datasets: [] },
    metrics: { auc_roc: 0.9, none: { reason: 'one class' } },
    tags: { why: 'test' },
    startTime: 5,
    now: client.now,
  })
  const { info, data, outputs } = await client.getRun(runId)
  assert.deepEqual([info.status, info.startTime, outputs], ['FINISHED', 5, [modelId]])
  assert.deepEqual(
    [data.metrics, data.params['n_estimators'], data.tags['why']],
    [{ auc_roc: 0.9 }, '2', 'test'],
  )
  const model = await client.getLoggedModel(modelId)
  assert.deepEqual(
    [model.status, model.params['max_depth'], model.metrics.map(({ key, value }) => [key, value])],
    ['LOGGED_MODEL_READY', '6', [['auc_roc', 0.9]]],
  )
  const { version } = await registerModel({ client, runId, name: 'fraud', alias: 'champion' })
  const made = await client.getModelVersion({ name: 'fraud', version })
  assert.deepEqual([made.source, made.runId, made.modelId], [`models:/${modelId}`, runId, modelId])
  const { tags } = await client.getLoggedModel(modelId)
  assert.deepEqual(JSON.parse(tags['mlflow.modelVersions']!), [{ name: 'fraud', version: '1' }])
  const loaded = await loadModel('models:/fraud@champion', async () => client)
  assert.deepEqual(loaded.booster.predict(X), BOOSTER.predict(X))
})

test('the signature calls fractions double, and whole numbers any', async () => {
  const { client } = served
  const model = { ...MODEL, signature: matrixSignature(X, NAMES) }
  const { modelId } = await trackModel({ client, model, now: client.now })
  const file = (await client.listFolder((await client.getLoggedModel(modelId)).artifactUri!)).map(
    (entry) => entry.path,
  )
  assert.ok(file.includes('input_example.json') && file.includes('serving_input_example.json'))
  const { files } = await loadModelFiles(client, `models:/${modelId}`)
  const described = parse(Buffer.from(files.get('MLmodel')!).toString()) as { signature: { inputs: string } }
  const types = (JSON.parse(described.signature.inputs) as { type: string }[]).map((column) => column.type)
  assert.deepEqual(types, ['double', 'any', 'any'])
})

test('a run from before there were logged models is registered and loaded by its own files', async () => {
  const { client } = served
  const { runId } = (await client.createRun({ experimentId: await ensureExperiment(client, 'fds') })).info
  const inputs = NAMES.map((name) => ({ name, type: 'any' }))
  const folder = writeModelFolder({ ...JSON_FILES, runId, createdAt: 0, inputs })
  await client.logArtifacts(runId, new Map([...folder].map(([path, data]) => [`model/${path}`, data])))
  const { version } = await registerModel({ client, runId, name: 'old', alias: 'champion' })
  assert.equal((await client.getModelVersion({ name: 'old', version })).source, `runs:/${runId}/model`)
  for (const uri of ['models:/old@champion', `runs:/${runId}/model`]) {
    assert.equal((await loadModel(uri, async () => client)).spec?.hash, MODEL.spec.hash)
  }
})

test('a run without a model, and one whose upload failed, are not registered', async () => {
  const { client } = served
  const { runId, experimentId } = (await client.createRun({ experimentId: '0' })).info
  const register = () => registerModel({ client, runId, name: 'never' })
  await assert.rejects(register(), { code: 'MODEL_NOT_FOUND', message: /the run holds no model/ })
  const { modelId } = await client.createLoggedModel({ experimentId, sourceRunId: runId, name: 'model' })
  await client.logOutputs(runId, [{ modelId, step: 0 }])
  await assert.rejects(register(), { code: 'MODEL_NOT_FOUND', message: /not uploaded whole/ })
  assert.deepEqual((await client.searchRegisteredModels({ filter: "name = 'never'" })).items, [])
})

test('a run that cannot be logged whole is FAILED, and so is its model', async () => {
  const { client } = served
  const failing = trackModel({
    client,
    model: MODEL,
    tags: { 'a//b': 'no such name' },
    runName: 'failing',
    now: client.now,
  })
  await assert.rejects(failing, { code: 'LOGGING_INCOMPLETE' })
  const experimentIds = [await ensureExperiment(client, 'fds')]
  const [run] = (await client.searchRuns({ experimentIds, filter: "run_name = 'failing'" })).items
  assert.equal(run!.info.status, 'FAILED')
  const model = await client.getLoggedModel(run!.outputs[0]!)
  assert.equal(model.status, 'LOGGED_MODEL_UPLOAD_FAILED')
})
