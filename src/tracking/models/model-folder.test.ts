import assert from 'node:assert/strict'
import test from 'node:test'
import { parse } from 'yaml'
import { parseModelUri } from '../protocol/model-uri.ts'
import { openTestServer } from '../server/tracking-test-server.ts'
import { loadModelFiles } from './load-model-files.ts'
import { readModelFolder, writeModelFolder } from './model-folder.ts'

const bytes = (content: string) => new TextEncoder().encode(content)
const INPUT = {
  runId: 'abc',
  createdAt: Date.UTC(2026, 1, 3, 4, 5, 6, 7),
  model: bytes('{"learner":{}}'),
  features: bytes('{}'),
  policy: bytes('{}'),
  featureNames: ['amount', 'hour'],
}

test('the folder has the files and flavours that MLflow looks for', () => {
  const files = writeModelFolder(INPUT)
  const names = ['MLmodel', 'requirements.txt', 'python_env.yaml', 'conda.yaml']
  assert.deepEqual([...files.keys()], [...names, 'model.json', 'features.json', 'policy.json'])
  const described = parse(new TextDecoder().decode(files.get('MLmodel'))) as Record<
    string,
    Record<string, unknown>
  >
  assert.deepEqual(Object.keys(described['flavors']!), ['fds', 'python_function', 'xgboost'])
  assert.deepEqual(JSON.parse(String(described['signature']!['inputs'])), [
    { type: 'any', name: 'amount', required: true },
    { type: 'any', name: 'hour', required: true },
  ])
  assert.deepEqual(
    [described['run_id'], described['utc_time_created']],
    ['abc', '2026-02-03 04:05:06.007000'],
  )
})

test('the same input gives the same bytes, another model another id', () => {
  assert.deepEqual(writeModelFolder(INPUT), writeModelFolder(INPUT))
  const other = writeModelFolder({ ...INPUT, model: bytes('{}') })
  assert.notDeepEqual(other.get('MLmodel'), writeModelFolder(INPUT).get('MLmodel'))
})

test('trees without names have no signature', () => {
  const files = writeModelFolder({ ...INPUT, featureNames: [] })
  assert.ok(!new TextDecoder().decode(files.get('MLmodel')).includes('signature'))
})

test('what was written is read', () => {
  assert.deepEqual(readModelFolder(writeModelFolder(INPUT)), {
    runId: 'abc',
    flavors: ['fds', 'python_function', 'xgboost'],
    model: 'model.json',
    features: 'features.json',
    policy: 'policy.json',
  })
})

test('a model that Python logged is read by its xgboost flavour', () => {
  const yaml = 'flavors:\n  python_function: {}\n  xgboost:\n    data: model.ubj\n    model_format: ubj\n'
  assert.deepEqual(readModelFolder(new Map([['MLmodel', bytes(yaml)]])), {
    flavors: ['python_function', 'xgboost'],
    model: 'model.ubj',
  })
})

test('a folder without a readable MLmodel is refused', () => {
  const folders = ['flavors: [', 'flavors: {}', 'text', 'flavors: {sklearn: {data: model.pkl}}', '- 1']
  for (const yaml of folders) {
    assert.throws(
      () => readModelFolder(new Map([['MLmodel', bytes(yaml)]])),
      { code: 'MODEL_FILE_INVALID' },
      yaml,
    )
  }
  assert.throws(() => readModelFolder(new Map()), { code: 'MODEL_FILE_INVALID' })
})

test('addresses of models are read', () => {
  const logged = `m-${'0a'.repeat(16)}`
  assert.deepEqual(
    [
      'models:/fraud@champion',
      'models:/a b/12',
      'models:/x/latest',
      `models:/${logged}`,
      'runs:/abc/a/model/',
    ].map(parseModelUri),
    [
      { kind: 'alias', name: 'fraud', alias: 'champion' },
      { kind: 'version', name: 'a b', version: '12' },
      { kind: 'alias', name: 'x', alias: 'latest' },
      { kind: 'logged', modelId: logged },
      { kind: 'run', runId: 'abc', path: 'a/model' },
    ],
  )
  for (const uri of [
    '',
    'model.json',
    'models:/a',
    'models:/a@',
    'models:/a/b',
    'runs:/abc',
    'runs:/abc/',
    's3://a/b',
  ]) {
    assert.throws(() => parseModelUri(uri), { code: 'MODEL_NOT_FOUND' }, uri)
  }
})

test('the files of a model come by alias, version, run and logged model', async () => {
  const { client, close } = await openTestServer()
  const { runId, experimentId } = (await client.createRun({ experimentId: '0' })).info
  const folder = writeModelFolder({ ...INPUT, runId })
  await client.logArtifacts(runId, new Map([...folder].map(([path, data]) => [`model/${path}`, data])))
  await client.logArtifact(runId, { path: 'model/deep/er/a b.txt', data: 'x' })
  await client.createRegisteredModel('fraud')
  await client.createModelVersion({ name: 'fraud', source: `runs:/${runId}/model` })
  await client.setRegisteredModelAlias({ name: 'fraud', alias: 'champion', version: '1' })
  const { modelId, artifactUri } = await client.createLoggedModel({ experimentId, sourceRunId: runId })
  await client.uploadFile(`${artifactUri}/MLmodel`, 'flavors: {}')

  const byAlias = await loadModelFiles(client, 'models:/fraud@champion')
  assert.deepEqual([...byAlias.files.keys()].toSorted(), [...folder.keys(), 'deep/er/a b.txt'].toSorted())
  assert.deepEqual(byAlias.files.get('model.json'), INPUT.model)
  assert.deepEqual([byAlias.name, byAlias.version, byAlias.runId], ['fraud', '1', runId])
  assert.equal((await loadModelFiles(client, 'models:/fraud/1')).files.size, 8)
  assert.equal((await loadModelFiles(client, 'models:/fraud/latest')).version, '1')
  assert.equal((await loadModelFiles(client, `runs:/${runId}/model`)).files.size, 8)
  assert.deepEqual([...(await loadModelFiles(client, `models:/${modelId}`)).files.keys()], ['MLmodel'])
  const nowhere = [
    'models:/fraud@none',
    'models:/none@champion',
    'models:/fraud/9',
    'runs:/none/model',
    `runs:/${runId}/x`,
  ]
  for (const uri of nowhere)
    await assert.rejects(loadModelFiles(client, uri), { code: 'MODEL_NOT_FOUND' }, uri)
  await close()
})
