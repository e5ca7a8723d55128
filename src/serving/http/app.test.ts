import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import { Writable } from 'node:stream'
import test from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { pino } from 'pino'
import { FdsError } from '../../errors.ts'
import { createAccess } from '../../tracking/index.ts'
import { fixtureModel } from '../models/model.fixture.ts'
import { openFixtureRegistry } from '../models/registry.fixture.ts'
import { fixtureApp, NOW, temporaryFolder } from './app.fixture.ts'
import { listen } from './listen.ts'

const { files } = fixtureModel()

function collectingLogger() {
  const lines: Record<string, unknown>[] = []
  const stream = new Writable({
    write(chunk, _, done) {
      lines.push(JSON.parse(String(chunk)))
      done()
    },
  })
  return { logger: pino({}, stream), lines }
}

test('health tells of the process, ready of the champion and the log', async (t) => {
  const { app, log, models } = fixtureApp(t)
  assert.deepEqual((await app.inject('/health')).json(), { status: 'ok' })
  const unready = await app.inject('/ready')
  assert.deepEqual([unready.statusCode, unready.json().error.code], [503, 'NO_CHAMPION'])
  assert.equal(unready.headers['retry-after'], '1')
  models.serve(files, '4')
  const ready = { status: 'ready', model: { name: 'fraud_detector', version: '4' }, reasons: [] }
  assert.deepEqual((await app.inject('/ready')).json(), ready)
  models.fail(
    new FdsError('MODEL_UNAVAILABLE', { name: 'fraud_detector', alias: 'champion', reason: 'a bad file' }),
  )
  const reasons = ['The champion of "fraud_detector" cannot be loaded: a bad file']
  assert.deepEqual((await app.inject('/ready')).json(), { ...ready, status: 'degraded', reasons })
  assert.match((await app.inject('/')).body, /data-state="degraded"[\s\S]*cannot be loaded: a bad file/)
  await log.close()
  const unwritable = await app.inject('/ready')
  assert.deepEqual([unwritable.statusCode, unwritable.json().error.code], [503, 'STORAGE_FAILED'])
})

test('a decision that cannot be stored is not answered', async (t) => {
  const { app, log, models } = fixtureApp(t)
  models.serve(files, '1')
  await log.close()
  for (const [url, payload] of [
    ['/predict', { amount: 1 }],
    ['/predict/batch', [{ amount: 1 }]],
    ['/labels', { transaction_id: 'a', is_fraud: true }],
  ] as const) {
    const response = await app.inject({ method: 'POST', url, payload })
    assert.deepEqual([response.statusCode, response.json().error.code], [503, 'STORAGE_FAILED'])
  }
})

test('unknown paths, other methods and broken addresses have the error shape', async (t) => {
  const { app } = fixtureApp(t)
  const ask = async (method: 'GET' | 'PUT' | 'DELETE' | 'OPTIONS', url: string) => {
    const { statusCode, headers, body } = await app.inject({ method, url })
    const { error } = JSON.parse(body)
    assert.equal(error.request_id, headers['x-request-id'])
    return [statusCode, error.code, headers['allow']]
  }
  assert.deepEqual(await ask('GET', '/nothing?card=1234'), [404, 'ROUTE_NOT_FOUND', undefined])
  assert.deepEqual(await ask('GET', '/predict'), [405, 'METHOD_NOT_ALLOWED', 'POST'])
  assert.deepEqual(await ask('DELETE', '/decisions/a'), [405, 'METHOD_NOT_ALLOWED', 'GET, HEAD'])
  assert.deepEqual(await ask('OPTIONS', '/'), [405, 'METHOD_NOT_ALLOWED', 'GET, HEAD'])
  assert.deepEqual(await ask('GET', '/decisions/%zz'), [400, 'REQUEST_INVALID', undefined])
  assert.deepEqual(await ask('GET', `/decisions/${'a'.repeat(3000)}`), [400, 'REQUEST_INVALID', undefined])
  assert.ok(!JSON.stringify((await app.inject('/nothing?card=1234')).json()).includes('1234'))
})

test('a fault of ours is 500 INTERNAL, logged with the request id, and tells nothing of the inside', async (t) => {
  const { logger, lines } = collectingLogger()
  const now = () => {
    throw new Error('secret detail')
  }
  const { app, models } = fixtureApp(t, { logger, now })
  models.serve(files, '1')
  const response = await app.inject({
    method: 'POST',
    url: '/predict',
    payload: { merchant: 'private name' },
  })
  assert.equal(response.statusCode, 500)
  const { error } = response.json()
  assert.equal(error.code, 'INTERNAL')
  assert.ok(!response.body.includes('secret'))
  assert.equal(lines.length, 1)
  assert.deepEqual([lines[0]!['level'], lines[0]!['request_id']], [50, error.request_id])
  assert.ok(!JSON.stringify(lines).includes('private name'))
})

const keyAccess = () =>
  createAccess({ apiKeys: [{ name: 'key', role: 'write', key: 'correct horse' }], anonymous: 'read' })

test('with an API key set, labels need it and decisions do not', async (t) => {
  const { app, models } = fixtureApp(t, { access: keyAccess() })
  models.serve(files, '1')
  const label = (headers: Record<string, string>) =>
    app.inject({ method: 'POST', url: '/labels', headers, payload: { transaction_id: 'a', is_fraud: true } })
  for (const headers of [
    {},
    { 'x-api-key': '' },
    { 'x-api-key': 'correct' },
    { authorization: 'Bearer x' },
  ]) {
    const response = await label(headers)
    assert.deepEqual([response.statusCode, response.json().error.code], [401, 'UNAUTHORIZED'])
    assert.equal(response.headers['www-authenticate'], 'Bearer realm="mlflow"')
  }
  assert.equal((await label({ 'x-api-key': 'correct horse' })).statusCode, 200)
  assert.equal((await label({ authorization: 'Bearer correct horse' })).statusCode, 200)
  assert.equal((await app.inject({ method: 'POST', url: '/predict', payload: {} })).statusCode, 200)
  assert.equal((await app.inject({ method: 'POST', url: '/predict/batch', payload: [{}] })).statusCode, 200)
  assert.equal((await app.inject({ method: 'POST', url: '/health' })).statusCode, 405)
})

test('where reading needs a credential, every route but the probes of health needs one', async (t) => {
  const access = createAccess({
    apiKeys: [
      { name: 'writer', role: 'write', key: 'write-key' },
      { name: 'reader', role: 'read', key: 'read-key' },
    ],
    anonymous: 'none',
  })
  const { app, models } = fixtureApp(t, { access })
  models.serve(files, '1')
  const ask = async (method: 'GET' | 'POST', url: string, key?: string) => {
    const payload = url === '/labels' ? { transaction_id: 'a', is_fraud: true } : {}
    const headers = key === undefined ? {} : { 'x-api-key': key }
    return app.inject({ method, url, headers, ...(method === 'POST' && { payload }) })
  }
  for (const url of ['/health', '/ready']) assert.equal((await ask('GET', url)).statusCode, 200)
  for (const url of ['/', '/metrics', '/openapi.json', '/decisions/a', '/docs/', '/nothing']) {
    assert.equal((await ask('GET', url)).statusCode, url === '/nothing' ? 404 : 401, url)
    assert.ok([200, 404].includes((await ask('GET', url, 'read-key')).statusCode), url)
  }
  assert.equal((await ask('POST', '/predict')).statusCode, 401)
  assert.equal((await ask('POST', '/predict', 'read-key')).statusCode, 200)
  assert.equal((await ask('POST', '/labels')).statusCode, 401)
  const forbidden = await ask('POST', '/labels', 'read-key')
  assert.deepEqual([forbidden.statusCode, forbidden.json().error.code], [403, 'FORBIDDEN'])
  assert.equal((await ask('POST', '/labels', 'write-key')).statusCode, 200)
})

test('a server on loopback answers its own names and refuses the pages of others', async (t) => {
  const { app, models } = fixtureApp(t, { host: '127.0.0.1' })
  models.serve(files, '1')
  const ask = async (headers: Record<string, string>, method: 'GET' | 'POST' = 'GET') => {
    const url = method === 'GET' ? '/health' : '/predict'
    return (await app.inject({ method, url, headers, ...(method === 'POST' && { payload: {} }) })).statusCode
  }
  for (const host of ['localhost:8000', '127.0.0.1', '[::1]:8000', 'LOCALHOST'])
    assert.equal(await ask({ host }), 200)
  for (const host of ['attacker.example', 'localhost.attacker.example', '127.0.0.1.nip.io']) {
    assert.equal(await ask({ host }), 403)
  }
  assert.equal(await ask({ origin: 'https://attacker.example' }, 'POST'), 403)
  assert.equal(await ask({ origin: 'null' }, 'POST'), 403)
  assert.equal(await ask({ origin: 'http://localhost:5173' }, 'POST'), 200)
  const { app: open } = fixtureApp(t, { host: '0.0.0.0' })
  assert.equal((await open.inject({ url: '/health', headers: { host: 'fds.example' } })).statusCode, 200)
})

test('the tracking server is mounted with its own error shape and its own guard', async (t) => {
  const access = keyAccess()
  const registry = await openFixtureRegistry(temporaryFolder(t), { now: Date.now, access })
  const { app } = fixtureApp(t, { tracking: registry.server, access, host: '127.0.0.1' })
  t.after(() => registry.server.close())
  const url = '/api/2.0/mlflow/experiments/create'
  const create = (headers: object) =>
    app.inject({ method: 'POST', url, headers: { ...headers }, payload: { name: 'a' } })
  const refused = await create({})
  assert.deepEqual([refused.statusCode, refused.json().error_code], [401, 'UNAUTHENTICATED'])
  assert.equal((await create({ 'x-api-key': 'correct horse' })).statusCode, 200)
  assert.equal(
    (await create({ authorization: 'Bearer correct horse' })).json().error_code,
    'RESOURCE_ALREADY_EXISTS',
  )
  const search = await app.inject({
    method: 'POST',
    url: '/api/2.0/mlflow/experiments/search',
    payload: { max_results: 9 },
  })
  assert.equal(search.json().experiments.length, 2)
  assert.match((await app.inject('/')).body, /Registered model/)
  assert.deepEqual((await app.inject('/nothing')).json().error.code, 'ROUTE_NOT_FOUND')
  assert.match(
    (await app.inject('/metrics')).body,
    /fds_requests_total\{endpoint="\/api\/2.0\/\*",status="401",model_version="none"\} 1/,
  )
  assert.match(
    (await app.inject('/metrics')).body,
    /mlflow_http_request_total\{method="POST",endpoint="\/api\/2.0\/mlflow\/experiments\/create",status="401"\} 1/,
  )
})

test('the start page shows the champion, escapes what it shows, and allows its own style alone', async (t) => {
  const { app, models } = fixtureApp(t)
  assert.match((await app.inject('/')).body, /No champion yet[\s\S]*fds train .*--register fraud_detector/)
  models.serve(files, '<img src=x onerror=alert(1)>')
  const { body, headers } = await app.inject('/')
  assert.ok(body.includes('version &#60;img') && !body.includes('<img'))
  for (const shown of [
    '24 h ago',
    '60 s ago',
    '0.9123',
    'approve below 0.18',
    'href="/docs"',
    'href="/metrics"',
  ]) {
    assert.ok(body.includes(shown), shown)
  }
  const style = /<style>([\s\S]*)<\/style>/.exec(body)![1]!
  const hash = createHash('sha256').update(style).digest('base64')
  assert.ok(String(headers['content-security-policy']).includes(`style-src 'sha256-${hash}'`))
  assert.ok(!/<script|<[^>]+ src=|@import|url\(/.test(body))
})

test('every answer has the security headers and a request id', async (t) => {
  const { app } = fixtureApp(t)
  for (const url of ['/health', '/', '/nothing', '/docs/']) {
    const { headers } = await app.inject(url)
    assert.equal(headers['x-content-type-options'], 'nosniff')
    assert.equal(headers['x-frame-options'], 'DENY')
    assert.match(String(headers['content-security-policy']), /default-src 'none'.*frame-ancestors 'none'/)
    assert.match(String(headers['x-request-id']), /^made-/)
  }
})

test('the OpenAPI document lists every route of ours and the viewer serves it', async (t) => {
  const { app } = fixtureApp(t)
  const document = (await app.inject('/openapi.json')).json()
  assert.deepEqual(Object.keys(document.paths).sort(), [
    '/ab-test/promote',
    '/ab-test/ramp',
    '/ab-test/report',
    '/ab-test/rollback',
    '/ab-test/start',
    '/ab-test/status',
    '/ab-test/stop',
    '/decisions/{transaction_id}',
    '/health',
    '/labels',
    '/metrics',
    '/predict',
    '/predict/batch',
    '/ready',
  ])
  const answers = document.paths['/predict'].post.responses
  assert.deepEqual(Object.keys(answers), ['200', '4XX', '5XX'])
  assert.deepEqual(Object.keys(document.paths['/predict/batch'].post.requestBody.content), [
    'application/json',
    'application/x-ndjson',
  ])
  assert.match((await app.inject('/docs/')).body, /swagger-ui/)
})

test('metrics are in Prometheus text, at zero from the start, and do not grow with what callers ask', async (t) => {
  const { app, models } = fixtureApp(t)
  models.serve(files, '1')
  const scrape = async () => (await app.inject('/metrics')).body
  const first = await app.inject('/metrics')
  assert.equal(first.headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8')
  for (const line of [
    'fds_requests_total{endpoint="/predict",status="200",model_version="champion"} 0',
    'fds_predictions_total{risk_level="block",model_version="challenger"} 0',
    'fds_fraud_probability_bucket{le="0.1"} 0',
    'fds_labels_total{source="chargeback",is_fraud="true"} 0',
    'fds_model_load_time_seconds{model_name="fraud_detector"} 0.25',
    'fds_active_requests 1',
    ...[0.01, 0.05, 0.1, 0.2, 0.25, 0.5, 1].map(
      (le) => `fds_latency_seconds_bucket{le="${le}",endpoint="/predict"} 0`,
    ),
  ]) {
    assert.ok(first.body.includes(`\n${line}\n`), line)
  }
  assert.match(first.body, /^process_cpu_seconds_total /m)
  const ours = (text: string) => text.split('\n').filter((line) => line.startsWith('fds_')).length
  await app.inject('/decisions/a')
  await app.inject('/nothing')
  const before = ours(await scrape())
  for (let i = 0; i < 50; i++) {
    await app.inject(`/decisions/${i}`)
    await app.inject(`/nothing/${i}`)
  }
  assert.equal(ours(await scrape()), before)
})

test('a port in use and an address of another machine are refused in one line', async (t) => {
  const { app } = fixtureApp(t)
  const address = new URL(await listen(app, { host: '127.0.0.1', port: 0 }))
  const { app: second } = fixtureApp(t)
  const codeOf = (host: string, port: number) =>
    listen(second, { host, port }).then(
      () => 'listening',
      (error: unknown) => (error as FdsError).code,
    )
  assert.equal(await codeOf('127.0.0.1', Number(address.port)), 'PORT_IN_USE')
  assert.equal(await codeOf('192.0.2.1', 0), 'ADDRESS_UNUSABLE')
})

test('what is not HTTP is refused in the error shape', async (t) => {
  const { app } = fixtureApp(t)
  const { port } = new URL(await listen(app, { host: '127.0.0.1', port: 0 }))
  const noise = connect(Number(port), '127.0.0.1')
  noise.end('nonsense\r\n\r\n')
  let answer = ''
  for await (const chunk of noise) answer += chunk
  assert.match(answer, /^HTTP\/1\.1 400 [\s\S]*"code":"REQUEST_INVALID"/)
})

test('a caller who leaves before the answer is counted as 499', async (t) => {
  const { app } = fixtureApp(t)
  const arrived = Promise.withResolvers<void>()
  app.get('/slow', async (request) => {
    arrived.resolve()
    await once(request.raw.socket, 'close')
    return 'too late'
  })
  const { port } = new URL(await listen(app, { host: '127.0.0.1', port: 0 }))
  const leaver = connect(Number(port), '127.0.0.1')
  leaver.write('GET /slow HTTP/1.1\r\nhost: x\r\n\r\n')
  await arrived.promise
  leaver.destroy()
  let body = ''
  while (!body.includes('endpoint="/slow"')) {
    await setImmediate()
    body = (await app.inject('/metrics')).body
  }
  assert.match(body, /^fds_requests_total\{endpoint="\/slow",status="499",model_version="none"\} 1$/m)
  assert.match(body, /^fds_active_requests 1$/m)
})

test('the clock of the app is the one it was given', async (t) => {
  const { app, models } = fixtureApp(t)
  models.serve(files, '1')
  await app.inject({ method: 'POST', url: '/predict', payload: { transaction_id: 'a' } })
  assert.equal((await app.inject('/decisions/a')).json().created_at, new Date(NOW).toISOString())
})
