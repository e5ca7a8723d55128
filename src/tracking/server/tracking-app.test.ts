import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import test, { after, before } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { pino } from 'pino'
import { createAccess } from './access.ts'
import { createTrackingApp } from './tracking-app.ts'
import { openTestServer, type TestServer } from './tracking-test-server.ts'

const KEY = { 'x-api-key': 'write-key-1' }
let served: TestServer
let app: FastifyInstance

before(async () => {
  const access = createAccess({
    apiKeys: [{ name: 'writer', role: 'write', key: 'write-key-1' }],
    anonymous: 'none',
  })
  served = await openTestServer({ access })
  app = createTrackingApp(served.server, pino({ level: 'silent' }))
  await app.listen({ host: '127.0.0.1', port: 0 })
})
after(async () => {
  await app.close()
  await served.close()
})

async function scrape(): Promise<string> {
  const answer = await app.inject({ url: '/metrics', headers: KEY })
  assert.match(String(answer.headers['content-type']), /^text\/plain; version=0.0.4/)
  return answer.body
}

const MLFLOW = '/api/2.0/mlflow'

test('requests are counted by method, route pattern and status, refused ones too', async () => {
  const secret = 'm-secret-name'
  await app.inject({ url: `${MLFLOW}/experiments/get?experiment_id=0`, headers: KEY })
  await app.inject({ url: `${MLFLOW}/experiments/get?experiment_id=0` })
  await app.inject({ url: `${MLFLOW}/logged-models/${secret}`, headers: KEY })
  await app.inject({ url: `/ajax-api/2.0/mlflow-artifacts/artifacts/${secret}/a`, headers: KEY })
  await app.inject({ url: `/${secret}`, headers: KEY })
  await app.inject({ url: `${MLFLOW}/${secret}`, headers: KEY })
  const text = await scrape()
  const get = `method="GET",endpoint="${MLFLOW}`
  for (const series of [
    `mlflow_http_request_total{${get}/experiments/get",status="200"} 1`,
    `mlflow_http_request_total{${get}/experiments/get",status="401"} 1`,
    `mlflow_http_request_total{${get}/logged-models/:model_id",status="404"} 1`,
    `mlflow_http_request_duration_seconds_count{endpoint="${MLFLOW}/experiments/get"} 2`,
    'endpoint="/api/2.0/mlflow-artifacts/artifacts/*",status="404"} 1',
    'mlflow_http_requests_in_progress 0',
    'process_cpu_seconds_total',
  ]) {
    assert.ok(text.includes(series), series)
  }
  assert.ok(!text.includes(secret))
})

test('health, version and metrics are not counted', async () => {
  for (const url of ['/health', '/version', '/metrics']) await app.inject({ url, headers: KEY })
  assert.doesNotMatch(await scrape(), /endpoint="\/(health|version|metrics)"/)
})

test('metrics need a credential where reading does', async () => {
  assert.equal((await app.inject('/metrics')).statusCode, 401)
  assert.equal((await app.inject('/health')).body, 'OK')
})

test('a request that is being answered is in progress', async () => {
  const { port } = app.server.address() as AddressInfo
  const socket = connect(port, '127.0.0.1')
  const head = `POST ${MLFLOW}/experiments/create HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n`
  socket.write(`${head}X-Api-Key: write-key-1\r\nContent-Length: 12\r\n\r\n`)
  const inProgress = async () => /mlflow_http_requests_in_progress (\d)/.exec(await scrape())?.[1]
  while ((await inProgress()) !== '1') await setImmediate()
  socket.destroy()
  while ((await inProgress()) !== '0') await setImmediate()
  assert.match(await scrape(), /endpoint="\/api\/2.0\/mlflow\/experiments\/create",status="499"} 1/)
})

/** What a socket is answered that sends these bytes. */
async function exchange(bytes: string): Promise<string> {
  const { port } = app.server.address() as AddressInfo
  const socket = connect(port, '127.0.0.1')
  const chunks: Buffer[] = []
  socket.on('data', (chunk) => chunks.push(chunk))
  socket.on('error', () => {})
  socket.end(bytes)
  await once(socket, 'close')
  return Buffer.concat(chunks).toString()
}

test('unknown paths, broken paths and broken HTTP are answered in the one error shape', async () => {
  for (const [url, status] of [
    ['/', 404],
    ['/api/2.0/nothing', 404],
    ['/metrics/../../etc/passwd', 404],
    ['/%ff', 400],
    [`${MLFLOW}/%c0%af`, 400],
  ] as const) {
    const answer = await app.inject({ url, headers: KEY })
    assert.deepEqual(
      [answer.statusCode, Object.keys(answer.json())],
      [status, ['error_code', 'message']],
      url,
    )
  }
  const get = `GET ${MLFLOW}/experiments/get HTTP/1.1\r\nHost: localhost\r\n`
  assert.match(await exchange('hello\r\n\r\n'), /^HTTP\/1.1 400 [\s\S]*"error_code":"BAD_REQUEST"/)
  assert.match(await exchange(`${get}X: ${'y'.repeat(20_000)}\r\n\r\n`), /^HTTP\/1.1 431 [\s\S]*BAD_REQUEST/)
  assert.match(await exchange(`${get}Content-Length: x\r\n\r\n`), /^HTTP\/1.1 400 /)
  const smuggled =
    'POST /health HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n'
  assert.match(await exchange(`${smuggled}0\r\n\r\n`), /^HTTP\/1.1 400 /)
})

test('slow senders are cut off', () => {
  const { headersTimeout, requestTimeout, timeout } = app.server
  assert.deepEqual([headersTimeout, requestTimeout, timeout], [15_000, 3_600_000, 120_000])
})
