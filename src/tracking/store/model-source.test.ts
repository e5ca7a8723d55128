import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { pathToFileURL } from 'node:url'
import { openTestServer } from '../server/tracking-test-server.ts'

test('with a served root no local path is a source, whatever run or tag goes with it', async () => {
  const { client, close } = await openTestServer()
  const { runId } = (await client.createRun({ experimentId: '0' })).info
  await client.createRegisteredModel('m')
  const tags = { 'mlflow.prompt.is_prompt': 'true' }
  for (const source of [
    '/etc',
    'etc',
    'file:///etc',
    'FILE:/etc',
    'C:\\x',
    'C:/x',
    '..',
    'file:etc',
    '//host/x',
  ]) {
    const request = { name: 'm', source, runId }
    const rule = /To use a local path as a model version source/
    await assert.rejects(client.createModelVersion(request), rule, source)
    await assert.rejects(client.createModelVersion({ ...request, tags }), /Invalid prompt source/, source)
  }
  await close()
})

test('sources with a way out are refused under every encoding', async () => {
  const { client, close } = await openTestServer()
  await client.createRegisteredModel('m')
  const ways = [
    'a/../b',
    '..',
    'a/..%2fb',
    'a/%2e%2e/b',
    'a/%252e%252e/b',
    'a%00',
    'a%2500',
    'a\\..\\b',
    'a%5c..%5cb',
  ]
  for (const scheme of [
    'mlflow-artifacts:/',
    'mlflow-artifacts://host:9/',
    'http://h/',
    's3://b/',
    'runs:/x/',
    'models:/',
  ]) {
    for (const way of ways) {
      const request = client.createModelVersion({ name: 'm', source: scheme + way })
      await assert.rejects(request, /an absolute path must be provided without relative path/, scheme + way)
    }
  }
  for (const source of [
    'http://h/a',
    'https://h/a',
    'ftp://h/a',
    's3://b/a',
    'gs://b/a',
    'mlflow-artifacts://h/a',
  ]) {
    await assert.rejects(
      client.createModelVersion({ name: 'm', source }),
      { code: 'TRACKING_FAILED' },
      source,
    )
  }
  await close()
})

test("with a shared root a source may lie below the named run's artifacts and nowhere else", async () => {
  const root = await mkdtemp(join(tmpdir(), 'fds-shared-'))
  const { client, close } = await openTestServer({ artifactRoot: pathToFileURL(root).href })
  const { runId, artifactUri = '' } = (await client.createRun({ experimentId: '0' })).info
  const other = (await client.createRun({ experimentId: '0' })).info
  assert.ok(artifactUri.startsWith('file://'))
  await client.createRegisteredModel('m')
  const path = artifactUri.slice('file://'.length)
  for (const below of ['', '/model', '/.', '/model/..']) {
    for (const source of [artifactUri + below, path + below]) {
      const { version } = await client.createModelVersion({ name: 'm', source, runId })
      const location = await client.getModelVersionDownloadUri({ name: 'm', version })
      assert.equal(location, below === '/model' ? `${artifactUri}/model` : artifactUri, source)
    }
  }
  const outside = [
    `${artifactUri}/../..`,
    `${path}/%2e%2e/x`,
    `${path}X`,
    other.artifactUri ?? '',
    'file:///tmp',
    '/etc',
  ]
  for (const source of [...outside, 'file://host/a', `${artifactUri}?x`, `${path}/a%252e%252e/../..`]) {
    await assert.rejects(
      client.createModelVersion({ name: 'm', source, runId }),
      /To use a local path/,
      source,
    )
  }
  await assert.rejects(client.createModelVersion({ name: 'm', source: artifactUri }), /To use a local path/)
  await close()
  await rm(root, { recursive: true })
})

test('a prompt has no files, so its source is a placeholder and nothing else', async () => {
  const { client, close } = await openTestServer()
  await client.createRegisteredModel('prompt')
  const create = (source: string, value: string) =>
    client.createModelVersion({ name: 'prompt', source, tags: { 'mlflow.prompt.is_prompt': value } })
  await create('dummy-source', 'true')
  await create('prompt-template', 'True')
  const odd = [
    '/etc/passwd',
    'file:///etc',
    'models:/prompt/1',
    'mlflow-artifacts:/1',
    'runs:/r/a',
    'dummy-source/..',
  ]
  for (const source of odd) {
    await assert.rejects(create(source, 'true'), /Invalid prompt source/, source)
  }
  await assert.rejects(create('dummy-source', 'false'), /Invalid model version source/)
  await close()
})
