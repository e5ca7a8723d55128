import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { fileURLToPath } from 'node:url'
import swagger from '@fastify/swagger'
import { type FastifyInstance, fastify } from 'fastify'
import { MlflowClient } from '../client/mlflow-client.ts'
import { openTestServer, type TestServer } from './tracking-test-server.ts'

let served: TestServer
let app: FastifyInstance
let runId = ''

before(async () => {
  served = await openTestServer()
  app = fastify()
  await app.register(served.server.routes)
  runId = (await served.client.createRun({ experimentId: '0' })).info.runId
})
after(async () => {
  await app.close()
  await served.close()
})

const JSON_TYPE = 'application/json'
const send = async (given: {
  method?: string
  path: string
  body?: string | object
  type?: string | null
}): Promise<{ status: number; json: Record<string, unknown> }> => {
  const { method = 'POST', path, body = '', type = JSON_TYPE } = given
  const url = path.startsWith('/') ? path : `/api/2.0/mlflow/${path}`
  const payload = typeof body === 'string' ? body : JSON.stringify(body)
  const headers: Record<string, string> = type === null ? {} : { 'content-type': type }
  const response = await app.inject({ method: method as 'POST', url, headers, ...(payload && { payload }) })
  return { status: response.statusCode, json: JSON.parse(response.body) as Record<string, unknown> }
}
const refusal = async (given: Parameters<typeof send>[0]): Promise<[number, unknown]> => {
  const { status, json } = await send(given)
  return [status, json['error_code']]
}

test('bodies must say that they are JSON', async () => {
  const create = { path: 'experiments/create', body: { name: 'typed' } }
  assert.deepEqual(await refusal({ ...create, type: 'text/plain' }), [400, 'INVALID_PARAMETER_VALUE'])
  assert.match(
    String((await send({ ...create, type: null })).json['message']),
    /Content-Type header is missing/,
  )
  assert.equal((await send({ ...create, type: 'Application/JSON; charset=utf-8' })).status, 200)
})

test('a body may be JSON within a JSON text, as old clients send it', async () => {
  const body = JSON.stringify(JSON.stringify({ name: 'double' }))
  assert.equal((await send({ path: 'experiments/create', body })).status, 200)
})

test('broken JSON, bare NaN and JSON that is no object are refused, and nothing is stored', async () => {
  const metric = `"run_id":"${runId}","key":"odd","timestamp":1`
  const bodies = [
    '{',
    `{${metric},"value":NaN}`,
    '[]',
    '3',
    'null',
    '"text"',
    `{${metric},"value":1} x`,
    '\u0000',
  ]
  for (const body of bodies) {
    assert.deepEqual(await refusal({ path: 'runs/log-metric', body }), [400, 'BAD_REQUEST'], body)
  }
  const { json } = await send({ method: 'GET', path: `runs/get?run_id=${runId}` })
  assert.ok(!JSON.stringify(json).includes('odd'))
})

test('an empty body is an empty object', async () => {
  const { status, json } = await send({ path: 'experiments/create' })
  assert.equal(status, 400)
  assert.match(String(json['message']), /^Missing value for required parameter 'name'/)
})

test('what is empty is absent, what is zero is there, and NaN is a text', async () => {
  const id = (await served.client.createRun({ experimentId: '0' })).info.runId
  await send({ path: 'runs/log-metric', body: { run_id: id, key: 'm', value: 'NaN', timestamp: '7' } })
  const { json } = await send({ method: 'GET', path: `runs/get?run_uuid=${id}` })
  const answer = json['run'] as { info: Record<string, unknown>; data: Record<string, unknown> }
  assert.deepEqual(answer.data['metrics'], [{ key: 'm', value: 'NaN', timestamp: 7, step: 0 }])
  assert.ok(!('params' in answer.data) && !('end_time' in answer.info))
  assert.equal(answer.info['run_uuid'], id)
})

test('deleting takes a JSON body and ignores the query', async () => {
  await served.client.createRegisteredModel('to delete')
  const path = 'registered-models/delete'
  assert.deepEqual(await refusal({ method: 'DELETE', path: `${path}?name=to%20delete`, body: '{}' }), [
    400,
    'INVALID_PARAMETER_VALUE',
  ])
  const { status, json } = await send({ method: 'DELETE', path, body: { name: 'to delete' } })
  assert.deepEqual([status, json], [200, {}])
})

test('lists of a query are repeated keys', async () => {
  const path = 'experiments/search?max_results=5&order_by=name%20ASC&order_by=experiment_id&view_type=ALL'
  assert.equal((await send({ method: 'GET', path })).status, 200)
  const bad = 'experiments/search?max_results=5&order_by=name%20ASC&order_by=nonsense'
  assert.equal((await send({ method: 'GET', path: bad })).status, 400)
})

test('unknown endpoints, other methods and deprecated stages say so', async () => {
  assert.deepEqual(await refusal({ path: 'no/such' }), [404, 'ENDPOINT_NOT_FOUND'])
  assert.deepEqual(await refusal({ method: 'PUT', path: 'runs/search' }), [405, 'METHOD_NOT_ALLOWED'])
  await served.client.createRegisteredModel('staged')
  await served.client.createModelVersion({ name: 'staged', source: 'mlflow-artifacts:/a' })
  const body = { name: 'staged', version: '1', stage: 'Production', archive_existing_versions: false }
  const { status, json } = await send({ path: 'model-versions/transition-stage', body })
  assert.equal(status, 400)
  assert.match(String(json['message']), /alias/)
  const missing = { path: 'model-versions/transition-stage', body: { ...body, version: '2' } }
  assert.deepEqual(await refusal(missing), [404, 'RESOURCE_DOES_NOT_EXIST'])
})

test('a body that is too large is refused as such', async () => {
  const body = { run_id: runId, key: 'k', value: 'x'.repeat(33 * 1024 * 1024) }
  assert.deepEqual(await refusal({ path: 'runs/set-tag', body }), [413, 'REQUEST_TOO_LARGE'])
})

test('the server tells its version and kind', async () => {
  assert.equal((await app.inject('/version')).body, '3.11.1')
  const path = '/api/3.0/mlflow/server-info'
  assert.deepEqual((await send({ method: 'GET', path })).json, {
    store_type: 'SqlStore',
    workspaces_enabled: false,
  })
})

test('the same client works over a socket and in the process', async () => {
  const other = fastify()
  await other.register(served.server.routes)
  const uri = await other.listen({ port: 0, host: '127.0.0.1' })
  const remote = new MlflowClient({ uri, now: served.now })
  const experimentId = await remote.createExperiment('over a socket')
  const run = await remote.createRun({ experimentId, runName: 'a', tags: { b: 'c' } })
  await remote.logArtifact(run.info.runId, { path: 'dir/한글 #.txt'.replace('#', '+'), data: 'text' })
  for (const client of [remote, served.client]) {
    const [found] = (await client.searchRuns({ experimentIds: [experimentId], filter: "tags.b = 'c'" })).items
    assert.deepEqual(found?.info.runName, 'a')
    const files = await client.listArtifacts(run.info.runId, 'dir')
    assert.deepEqual(files, [{ path: 'dir/한글 +.txt', isDir: false, fileSize: 4 }])
    const data = await client.downloadArtifact(run.info.runId, 'dir/한글 +.txt')
    assert.equal(new TextDecoder().decode(data), 'text')
  }
  await other.close()
})

test('the OpenAPI page of the app that mounts it shows that app alone', async () => {
  const other = fastify()
  await other.register(swagger, { openapi: {} })
  await other.register(served.server.routes)
  other.get('/own', async () => 'mine')
  await other.ready()
  assert.deepEqual(Object.keys(other.swagger().paths ?? {}), ['/own'])
  await other.close()
})

test('a home or an artifact folder that cannot be made is named', async () => {
  const file = fileURLToPath(import.meta.url)
  await assert.rejects(openTestServer({ home: file }), { code: 'STORAGE_FAILED' })
  await assert.rejects(openTestServer({ home: served.home, artifactRoot: file }), { code: 'STORAGE_FAILED' })
})
