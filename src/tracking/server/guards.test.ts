import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { type FastifyInstance, fastify } from 'fastify'
import { openTestServer, type TestServer } from './tracking-test-server.ts'

let served: TestServer
let app: FastifyInstance

before(async () => {
  served = await openTestServer({
    allowedHosts: ['mlflow.example.com'],
    authorize: (request) => request.headers['x-api-key'] === 'right',
  })
  app = fastify()
  await app.register(served.server.routes, { health: true })
})
after(async () => {
  await app.close()
  await served.close()
})

const SEARCH = '/api/2.0/mlflow/experiments/search'
const CREATE = '/api/2.0/mlflow/experiments/create'
const json = { 'content-type': 'application/json' }
const send = async (given: {
  method?: string
  url?: string
  headers?: Record<string, string>
  payload?: object
}) => {
  const { method = 'GET', url = SEARCH, headers = {}, payload } = given
  const request = { method: method as 'GET', url, headers: { ...headers, ...(payload ? json : {}) } }
  const response = await app.inject({ ...request, ...(payload ? { payload } : {}) })
  return { status: response.statusCode, body: response.body }
}

test('loopback, private and named hosts are answered, every other host is not', async () => {
  const good = [
    'localhost',
    'localhost:8000',
    '127.0.0.1:1',
    '[::1]:80',
    '0.0.0.0',
    '10.1.2.3',
    '192.168.0.1:9',
  ]
  const more = [
    '172.16.0.1',
    '172.31.9.9',
    '[fd00::1]:80',
    '[fc12::1]',
    'MLflow.Example.com:443',
    '127.9.9.9',
  ]
  for (const host of [...good, ...more]) {
    assert.equal((await send({ headers: { host } })).status, 200, host)
  }
  const bad = [
    'evil.com',
    'localhost.evil.com',
    '172.32.0.1',
    '8.8.8.8',
    '127.0.0.1.evil.com',
    '[2001:db8::1]',
  ]
  const odd = ['192.168.0.1.nip.io', '10.0.0.1@evil.com', '2130706433', '[fe80::1]', 'evil.com:80#localhost']
  for (const host of [...bad, ...odd]) {
    const { status, body } = await send({ headers: { host } })
    assert.deepEqual([status, JSON.parse(body).error_code], [403, 'PERMISSION_DENIED'], host)
  }
})

test('health and version are answered to every host', async () => {
  for (const url of ['/health', '/version']) {
    assert.equal((await send({ url, headers: { host: 'evil.com' } })).status, 200)
  }
})

test('a call that changes state must come from the same origin', async () => {
  const key = { 'x-api-key': 'right', host: 'localhost:8000' }
  const post = (origin: string, name: string) =>
    send({ method: 'POST', url: CREATE, headers: { ...key, origin }, payload: { name } })
  assert.equal((await post('http://localhost:8000', 'same')).status, 200)
  for (const origin of [
    'https://evil.com',
    'null',
    'http://localhost:9',
    'http://localhost:8000.evil.com',
    '',
  ]) {
    const { status, body } = await post(origin, 'other')
    assert.deepEqual([status, JSON.parse(body).message], [403, 'Cross-origin request blocked'], origin)
  }
  const read = await send({ headers: { host: 'localhost:8000', origin: 'https://evil.com' } })
  assert.equal(read.status, 200)
})

test('twin routes of one call are guarded alike, uploads too', async () => {
  const origin = { origin: 'https://evil.com', 'x-api-key': 'right' }
  const files = '/mlflow-artifacts/artifacts/a'
  const calls = ['/api/2.0', '/ajax-api/2.0'].flatMap((prefix) => [
    { method: 'POST', url: `${prefix}/mlflow/experiments/create`, payload: { name: 'x' } },
    { method: 'PUT', url: prefix + files },
    { method: 'DELETE', url: prefix + files },
    { method: 'POST', url: `${prefix}/mlflow-artifacts/mpu/create/a` },
  ])
  for (const call of calls) {
    assert.equal((await send({ ...call, headers: origin })).status, 403, `${call.method} ${call.url}`)
    assert.equal((await send(call)).status, 401, `${call.method} ${call.url}`)
  }
})

test('reading needs no key, also where it is a POST', async () => {
  assert.equal((await send({ method: 'POST', payload: { max_results: 1 } })).status, 200)
  const runs = await send({
    method: 'POST',
    url: '/api/2.0/mlflow/runs/search',
    payload: { experiment_ids: ['0'] },
  })
  assert.equal(runs.status, 200)
})

test('the client in the same process needs no key', async () => {
  await served.client.createExperiment('in process')
})
