import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { CALLS, createWorld, type Json, sendCall, textPlaces, type World } from './hostile.fixture.ts'
import { changesState, type GuardedServer, openGuardedServer } from './security.fixture.ts'

const MLFLOW = '/api/2.0/mlflow'
const JSON_TYPE = { 'content-type': 'application/json' }

let server: GuardedServer
let world: World

before(async () => {
  server = await openGuardedServer()
  world = await createWorld(server)
})
after(() => server.close())

const post = (path: string, payload: Json | string) =>
  server.send({ method: 'POST', url: `${MLFLOW}${path}`, headers: JSON_TYPE, payload })
const get = (path: string) => server.send({ url: `${MLFLOW}${path}` })

/** The server still answers, so nothing above broke it. */
const isAlive = async () => assert.equal((await get('/experiments/get?experiment_id=0')).statusCode, 200)

test('a body above 32 MiB is refused unread on every JSON route that takes one', async () => {
  const routes = server.routes.filter((route) => changesState(route) && route.pattern.includes('/mlflow/'))
  const uploads = /upload-artifact$/
  for (const { method, url, pattern } of routes) {
    if (uploads.test(pattern)) continue
    const headers = { ...JSON_TYPE, 'content-length': String(33 * 2 ** 20) }
    const answer = await server.send({ method, url, headers, payload: '{}' })
    assert.deepEqual(
      [answer.statusCode, answer.json().error_code],
      [413, 'REQUEST_TOO_LARGE'],
      `${method} ${url}`,
    )
  }
  const large = await post('/experiments/create', `{"name":"${'x'.repeat(33 * 2 ** 20)}"}`)
  assert.equal(large.statusCode, 413)
  await isAlive()
})

test('deep JSON is refused and breaks no stack', async () => {
  for (const depth of [1000, 100_000, 1_000_000]) {
    const arrays = '['.repeat(depth) + ']'.repeat(depth)
    const objects = `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`
    for (const deep of [arrays, objects]) {
      for (const body of [
        deep,
        `{"name":${deep}}`,
        `{"name":"n","tags":${deep}}`,
        `{"name":"n","tags":[${deep}]}`,
      ]) {
        const { statusCode } = await post('/experiments/create', body)
        assert.equal(statusCode, 400, `${depth} ${body.slice(0, 40)}`)
      }
    }
    const ignored = await post('/experiments/create', `{"name":"ignored ${depth}","more":${arrays}}`)
    assert.ok([200, 400].includes(ignored.statusCode), String(ignored.statusCode))
  }
  await isAlive()
})

test('text as long as a body can hold is answered on every call, with an answer that does not grow with it', async () => {
  const long = 'x'.repeat(2_000_000)
  for (const call of CALLS) {
    const request = call.request(await createWorld(server))
    for (const { at, put } of textPlaces(request)) {
      // a query string of that length does not pass the limit of Node on a socket
      if (call.endpoint.methods[0] === 'GET') continue
      if (call.endpoint.path.includes(`{${at}}`)) continue
      const { statusCode, body } = await sendCall(server, call, put(long))
      assert.ok(statusCode < 500, `${call.name} ${at} ${statusCode}`)
      if (statusCode >= 400)
        assert.ok(body.length < 10_000, `${call.name} ${at} ${statusCode} ${body.length}`)
    }
  }
  await isAlive()
})

const searches = ['/runs/search', '/experiments/search', '/logged-models/search']
const base = (path: string): Json =>
  path === '/experiments/search'
    ? { max_results: 1 }
    : { experiment_ids: [world.experimentId], max_results: 1 }

test('filters without end are refused or answered, whatever they repeat', async () => {
  const clause = (index: number) => `metrics.m${index} > ${index}`
  const filters = [
    Array.from({ length: 20_000 }, (_, index) => clause(index)).join(' AND '),
    'a'.repeat(1_000_000),
    "'".repeat(1_000_000),
    '`'.repeat(999_999),
    '('.repeat(1_000_000),
    ' '.repeat(1_000_000),
    `${'AND '.repeat(200_000)}a = 'b'`,
    `params.p = '${'%'.repeat(500_000)}'`,
    `params.p LIKE '${'%_'.repeat(500_000)}'`,
    `run_id IN (${Array.from({ length: 100_000 }, () => "'a'").join(',')})`,
    `${'tags.'.repeat(200_000)}a = 'b'`,
    `params.\`${'x'.repeat(1_000_000)}\` = 'b'`,
    `metrics.m > ${'9'.repeat(1_000_000)}`,
    `metrics.m > 1${'e9'.repeat(300_000)}`,
    `metrics.m >${' '.repeat(1_000_000)}1`,
    `name = '${'\\'.repeat(500_000)}'`,
  ]
  for (const path of searches) {
    for (const filter of filters) {
      const { statusCode, body } = await post(path, { ...base(path), filter })
      const what = `${path} ${filter.slice(0, 30)} ${statusCode} ${body.slice(0, 100)}`
      assert.ok([200, 400].includes(statusCode) && body.length < 10_000, what)
    }
  }
  await isAlive()
})

test('lists without end are refused or answered', async () => {
  const many = <T>(make: (index: number) => T, length = 100_000) =>
    Array.from({ length }, (_, index) => make(index))
  const { runId, experimentId, name } = world
  const requests: [string, Json][] = [
    ...searches.flatMap((path): [string, Json][] => [
      [path, { ...base(path), order_by: many((index) => `metrics.m${index}`) }],
      [path, { ...base(path), order_by: many(() => 'name') }],
      [path, { ...base(path), order_by: many((index) => ({ field_name: `metrics.m${index}` })) }],
    ]),
    ['/runs/search', { experiment_ids: many(String), max_results: 1 }],
    ['/logged-models/search', { experiment_ids: many(String), max_results: 1 }],
    ['/experiments/search-datasets', { experiment_ids: many(String) }],
    [
      '/runs/log-batch',
      { run_id: runId, metrics: many((index) => ({ key: `${index}`, value: 1, timestamp: 1 })) },
    ],
    ['/runs/log-batch', { run_id: runId, params: many((index) => ({ key: `${index}`, value: '1' })) }],
    ['/runs/log-batch', { run_id: runId, tags: many((index) => ({ key: `${index}`, value: '1' })) }],
    ['/runs/log-inputs', { run_id: runId, datasets: many(() => ({ dataset: { name: 'a', digest: 'b' } })) }],
    ['/runs/log-inputs', { run_id: runId, models: many(() => ({ model_id: 'm-1' })) }],
    ['/runs/outputs', { run_id: runId, models: many(() => ({ model_id: 'm-1', step: 1 })) }],
    ['/registered-models/get-latest-versions', { name, stages: many(String) }],
    ['/runs/search', { experiment_ids: [experimentId], max_results: 1e15 }],
    ['/runs/search', { experiment_ids: [experimentId], max_results: -1 }],
    ['/runs/search', { experiment_ids: [experimentId], page_token: 'A'.repeat(1_000_000) }],
  ]
  for (const [path, payload] of requests) {
    const { statusCode, body } = await post(path, payload)
    const what = `${path} ${JSON.stringify(payload).slice(0, 80)} ${statusCode} ${body.slice(0, 200)}`
    assert.ok([200, 400, 404].includes(statusCode) && body.length < 10_000, what)
  }
  const runs = many((index) => `run_ids=${index}`, 2000).join('&')
  assert.equal((await get(`/metrics/get-history-bulk-interval?metric_key=m&${runs}`)).statusCode, 400)
  await isAlive()
})

test('keys that mean something to JavaScript are keys like all others', async () => {
  const { runId, name } = world
  const keys = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '__defineGetter__']
  for (const key of keys) {
    assert.equal((await post('/runs/set-tag', { run_id: runId, key, value: 'v' })).statusCode, 200)
    assert.equal((await post('/registered-models/set-tag', { name, key, value: 'v' })).statusCode, 200)
    const bodies = [
      `{"${key}":{"name":"polluted"}}`,
      `{"name":"by ${key}","${key}":{"polluted":true}}`,
      `{"name":{"${key}":1}}`,
    ]
    for (const body of bodies) assert.ok((await post('/experiments/create', body)).statusCode < 500, body)
    for (const path of [`/logged-models/${key}`, `/runs/get?run_id=${key}`, `/runs/get?${key}=a`]) {
      assert.ok([400, 404].includes((await get(path)).statusCode), path)
    }
    assert.ok(
      [400, 404].includes((await server.send({ url: `/model-versions/get-artifact?${key}=a` })).statusCode),
    )
  }
  const answer = await get(`/runs/get?run_id=${runId}`)
  const tags = answer.json().run.data.tags.map((tag: { key: string }) => tag.key)
  for (const key of keys) assert.ok(tags.includes(key), key)
  assert.equal(Object.getOwnPropertyNames(Object.prototype).includes('polluted'), false)
  assert.equal('polluted' in {}, false)
})
