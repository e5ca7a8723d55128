import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { type ListeningServer, openListeningServer } from './raw-http.fixture.ts'

let server: ListeningServer
let runId = ''
before(async () => {
  server = await openListeningServer()
  runId = (await server.served.client.createRun({ experimentId: '0' })).info.runId
})
after(() => server.close())

const JSON_TYPE = { 'content-type': 'application/json' }
const PAGE = '/ajax-api/2.0/mlflow'
const call = async (method: string, path: string, body?: object) => {
  const given = body ? { body: JSON.stringify(body), headers: JSON_TYPE } : {}
  const answer = await server.send(method, path, given)
  return { status: answer.status, json: JSON.parse(answer.body) as Record<string, unknown> }
}

test('the calls of the web page about what is not here have empty answers', async () => {
  for (const prefix of ['/api/3.0', '/ajax-api/3.0']) {
    const info = { store_type: 'SqlStore', workspaces_enabled: false }
    assert.deepEqual((await call('GET', `${prefix}/mlflow/server-info`)).json, info)
  }
  assert.deepEqual((await call('GET', `${PAGE}/gateway-proxy?gateway_path=api`)).json, { endpoints: [] })
  assert.deepEqual((await call('POST', `${PAGE}/gateway-proxy`, { gateway_path: 'http://evil.com' })).json, {
    endpoints: [],
  })
  const telemetry = '/ajax-api/3.0/mlflow/ui-telemetry'
  assert.equal((await call('GET', telemetry)).json['disable_ui_telemetry'], true)
  assert.deepEqual((await call('POST', telemetry, { records: [{}] })).json, { status: 'disabled' })
})

test('GraphQL and what is not spoken here are refused in the shape of MLflow', async () => {
  for (const method of ['GET', 'POST']) {
    const { status, json } = await call(method, '/graphql')
    assert.deepEqual([status, json['error_code']], [501, 'NOT_IMPLEMENTED'])
  }
  for (const path of [
    '/api/3.0/mlflow/traces/x',
    '/ajax-api/3.0/mlflow/jobs/x',
    '/api/2.0/mlflow/webhooks',
  ]) {
    const { status, json } = await call('GET', path)
    assert.deepEqual([status, json['error_code']], [404, 'ENDPOINT_NOT_FOUND'], path)
  }
})

test('a doubled slash at the start leads to the path with one, and to no other host', async () => {
  for (const method of ['GET', 'POST', 'PUT']) {
    const { status, headers } = await server.send(method, '///evil.com/get-artifact?path=a//b')
    assert.deepEqual([status, headers.location], [308, '/evil.com/get-artifact?path=a//b'])
  }
  const { headers } = await server.send('GET', '//model-versions/get-artifact?name=m&version=1&path=../x')
  const followed = await server.send('GET', headers.location ?? '')
  assert.deepEqual([followed.status, JSON.parse(followed.body).message], [400, 'Invalid path'])
})

test('some calls are for the web page alone', async () => {
  const query = `metrics/get-history-bulk?run_id=${runId}&metric_key=m`
  assert.deepEqual((await call('GET', `${PAGE}/${query}`)).json, { metrics: [] })
  assert.equal((await call('GET', `/api/2.0/mlflow/${query}`)).status, 404)
  assert.equal((await call('POST', `/api/2.0/mlflow/upload-artifact?run_uuid=${runId}&path=a`)).status, 404)
})

const UPLOAD = `${PAGE}/upload-artifact`

test('the page uploads files of up to 10 MB to a run', async () => {
  const path = `${UPLOAD}?run_uuid=${runId}&path=plots/a.txt`
  assert.equal((await server.send('POST', path, { body: 'drawn' })).status, 200)
  assert.equal((await server.send('GET', `/get-artifact?run_id=${runId}&path=plots/a.txt`)).body, 'drawn')
  const most = 'x'.repeat(10 * 1024 * 1024)
  assert.equal(
    (await server.send('POST', `${UPLOAD}?run_uuid=${runId}&path=most`, { body: most })).status,
    200,
  )
})

test('uploads without run, path or data, or too large, are refused in the words of MLflow, and leave nothing', async () => {
  const tooMuch = 'x'.repeat(10 * 1024 * 1024 + 1)
  const chunked = { 'transfer-encoding': 'chunked' }
  const refusals: [string, string, RegExp, Record<string, string>?][] = [
    ['path=a', 'x', /Request must specify run_uuid/],
    [`run_uuid=${runId}`, 'x', /Request must specify path/],
    [`run_uuid=${runId}&path=bad`, '', /Request must specify data/],
    [`run_uuid=${runId}&path=bad`, '', /Request must specify data/, chunked],
    [`run_uuid=${runId}&path=bad`, tooMuch, /Artifact size is too large. Max size is 10MB/],
    [`run_uuid=${runId}&path=bad`, tooMuch, /Artifact size is too large. Max size is 10MB/, chunked],
    [`run_uuid=${runId}&path=../bad`, 'x', /Invalid path/],
  ]
  for (const [query, body, rule, headers = {}] of refusals) {
    const { status, body: answer } = await server.send('POST', `${UPLOAD}?${query}`, { body, headers })
    assert.equal(status, 400, query)
    assert.match(answer, rule)
  }
  const { status } = await server.send('POST', `${UPLOAD}?run_uuid=none&path=bad`, { body: 'x' })
  assert.equal(status, 404)
  assert.equal((await server.send('GET', `/get-artifact?run_id=${runId}&path=bad`)).status, 404)
})
