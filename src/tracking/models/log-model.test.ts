import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { parse } from 'yaml'
import { openTestServer, type TestServer } from '../server/tracking-test-server.ts'
import { loadModelFiles } from './load-model-files.ts'
import { logModelFolder, makeModel } from './log-model.ts'
import { writeModelFolder } from './write-model-folder.ts'

const bytes = (content: string) => new TextEncoder().encode(content)
const text = (content: Uint8Array | undefined) => new TextDecoder().decode(content)
const FOLDER = {
  model: bytes('{"learner":{}}'),
  features: bytes('{}'),
  policy: bytes('{"v":1}'),
  inputs: [{ name: 'amount', type: 'double' }],
  example: [[1.5]],
}
const FILES = ['MLmodel', 'features.json', 'model.json', 'policy.json']

let served: TestServer
before(async () => {
  served = await openTestServer()
})
after(() => served.close())

const startRun = async () => (await served.client.createRun({ experimentId: '0' })).info.runId
const filesAt = async (uri: string) => [...(await loadModelFiles(served.client, uri)).files.keys()].toSorted()

test('a model is logged beside its run, with its parameters and metrics, and is ready', async () => {
  const { client } = served
  const runId = await startRun()
  await client.logParam(runId, { key: 'max_depth', value: 3 })
  await client.logMetric(runId, { key: 'auc', value: 0.9 })
  await client.logMetric(runId, { key: 'auc', value: 0.95, step: 7 })
  const { modelId } = await logModelFolder({
    client,
    runId,
    modelType: 'fraud',
    params: { extra: 'a' },
    tags: { why: 'test' },
    folder: FOLDER,
  })
  const model = await client.getLoggedModel(modelId)
  assert.deepEqual(
    [model.status, model.name, model.modelType, model.sourceRunId, model.params, model.tags],
    ['LOGGED_MODEL_READY', 'model', 'fraud', runId, { extra: 'a', max_depth: '3' }, { why: 'test' }],
  )
  assert.deepEqual(
    model.metrics.map(({ key, value, step }) => [key, value, step]),
    [['auc', 0.9, 0]],
  )
  const run = await client.getRun(runId)
  assert.deepEqual([run.outputs, run.data.metrics], [[modelId], { auc: 0.95 }])
  assert.deepEqual(await client.listArtifacts(runId), [])
  const { files } = await loadModelFiles(client, `models:/${modelId}`)
  const described = parse(text(files.get('MLmodel'))) as Record<string, unknown>
  assert.deepEqual(
    [described['model_id'], described['run_id'], described['artifact_path']],
    [modelId, runId, model.artifactUri],
  )
})

test('the files of a model come by run, logged model, version and alias', async () => {
  const { client } = served
  const runId = await startRun()
  const { modelId } = await logModelFolder({ client, runId, name: 'trees', folder: FOLDER })
  await client.createRegisteredModel('fraud')
  for (const source of [`models:/${modelId}`, `runs:/${runId}/trees`]) {
    await client.createModelVersion({ name: 'fraud', source, runId })
  }
  await client.setRegisteredModelAlias({ name: 'fraud', alias: 'champion', version: '1' })
  const byAlias = await loadModelFiles(client, 'models:/fraud@champion')
  assert.deepEqual(
    [byAlias.name, byAlias.version, byAlias.runId, byAlias.modelId],
    ['fraud', '1', runId, modelId],
  )
  assert.equal(text(byAlias.files.get('model.json')), '{"learner":{}}')
  for (const uri of [`runs:/${runId}/trees`, `models:/${modelId}`, 'models:/fraud/1', 'models:/fraud/2']) {
    assert.deepEqual(await filesAt(uri), FILES, uri)
  }
  assert.equal((await loadModelFiles(client, 'models:/fraud/latest')).version, '2')
})

test('of two models of one name the newer one is the run’s', async () => {
  const { client } = served
  const runId = await startRun()
  await logModelFolder({ client, runId, folder: FOLDER })
  await logModelFolder({ client, runId, folder: { ...FOLDER, model: bytes('newer') }, step: 1 })
  const { files } = await loadModelFiles(client, `runs:/${runId}/model`)
  assert.equal(text(files.get('model.json')), 'newer')
})

test('a run from before there were logged models keeps its files below itself', async () => {
  const { client } = served
  const runId = await startRun()
  const folder = writeModelFolder({ ...FOLDER, runId, createdAt: 0 })
  await client.logArtifacts(runId, new Map([...folder].map(([path, data]) => [`model/${path}`, data])))
  await client.logArtifact(runId, { path: 'model/training-data.csv', data: 'not fetched' })
  await client.createRegisteredModel('old')
  await client.createModelVersion({ name: 'old', source: `runs:/${runId}/model`, runId })
  assert.deepEqual(await filesAt(`runs:/${runId}/model`), FILES)
  assert.deepEqual(await filesAt('models:/old/1'), FILES)
})

test('a model whose work fails is left as UPLOAD_FAILED, and the failure passes on', async () => {
  const { client } = served
  const runId = await startRun()
  let modelId = ''
  const failing = makeModel({ client, runId }, async (model) => {
    modelId = model.modelId
    assert.equal(model.status, 'LOGGED_MODEL_PENDING')
    throw new Error('no folder')
  })
  await assert.rejects(failing, /no folder/)
  assert.equal((await client.getLoggedModel(modelId)).status, 'LOGGED_MODEL_UPLOAD_FAILED')
})

test('an address that leads nowhere, and a folder that is none, are told apart', async () => {
  const { client } = served
  const runId = await startRun()
  await client.createRegisteredModel('empty')
  const nowhere = [
    'models:/empty@none',
    'models:/none@champion',
    'models:/empty/9',
    'runs:/none/model',
    'models:/x',
  ]
  for (const uri of nowhere)
    await assert.rejects(loadModelFiles(client, uri), { code: 'MODEL_NOT_FOUND' }, uri)
  await assert.rejects(loadModelFiles(client, `runs:/${runId}/x`), {
    code: 'MODEL_FILE_INVALID',
    message: /must hold MLmodel/,
  })
  const described = {
    'model/MLmodel': 'flavors: {xgboost: {data: ../../secret}}',
    'half/MLmodel': 'flavors: {xgboost: {data: a/m.ubj}}',
  }
  await client.logArtifacts(runId, new Map(Object.entries(described)))
  await assert.rejects(loadModelFiles(client, `runs:/${runId}/model`), {
    code: 'MODEL_FILE_INVALID',
    message: /must name a file of/,
  })
  await assert.rejects(loadModelFiles(client, `runs:/${runId}/half`), {
    code: 'MODEL_FILE_INVALID',
    message: /must hold a\/m.ubj/,
  })
})
