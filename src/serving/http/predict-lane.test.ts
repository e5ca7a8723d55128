// The short way and the framework must give the same answers, over real sockets.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import test, { type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { tableRows } from '../../data/table.ts'
import { createAccess } from '../../tracking/index.ts'
import { fixtureModel, fixtureTable } from '../models/model.fixture.ts'
import { fixtureApp } from './app.fixture.ts'
import type { AppDependencies } from './app.ts'
import { listen } from './listen.ts'

const { files } = fixtureModel()
const LANE = 'application/json'
/** Means the same, and is not how usual callers write it. */
const FRAMEWORK = 'application/json;charset=UTF-8'
const ROWS = [...tableRows(fixtureTable({ rows: 4, numbers: 4, seed: 3 }))].map(
  ({ transaction_id: _, ...row }) => row,
)

interface Answer {
  readonly status: number
  readonly headers: Record<string, unknown>
  readonly body: string
}

async function openApp(t: TestContext, changes: Partial<AppDependencies> = {}) {
  const { app, models, log } = fixtureApp(t, { createId: () => 'made', host: '127.0.0.1', ...changes })
  models.serve(files, '1')
  const address = await listen(app, { host: '127.0.0.1', port: 0 })
  return { app, models, log, address }
}

async function post(url: string, body: string | Buffer, headers: Record<string, string>): Promise<Answer> {
  const request = httpRequest(url, {
    method: 'POST',
    headers: { 'content-length': String(Buffer.byteLength(body)), ...headers },
  })
  request.end(body)
  const [response] = await once(request, 'response')
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk as Buffer)
  // the framework ends the connection where it could not read a body
  const { date: _, connection: __, 'keep-alive': ___, ...kept } = response.headers
  return { status: response.statusCode, headers: kept, body: Buffer.concat(chunks).toString() }
}

const BODIES: readonly (readonly [path: string, body: string | Buffer])[] = [
  ['/predict', JSON.stringify(ROWS[0])],
  ['/predict', JSON.stringify({ transaction_id: 'tx-1', ...ROWS[1] })],
  ['/predict', ` {"transaction_id":"é\\u0000"} `],
  [
    '/predict',
    JSON.stringify({ transaction_id: 'tx-2', customer_id: 'c', event_time: '2026-01-01T00:00:00.000Z' }),
  ],
  ['/predict', '{'],
  ['/predict', '[]'],
  ['/predict', 'null'],
  ['/predict', '{"amount":"much"}'],
  ['/predict', '{"unheard_of":1}'],
  ['/predict', '{"__proto__":{"amount":1}}'],
  ['/predict', Buffer.from([0x7b, 0xff, 0x7d])],
  ['/predict/batch', JSON.stringify(ROWS)],
  ['/predict/batch', '[]'],
  ['/predict/batch', '{}'],
  ['/predict/batch', '[{"amount":1},{"amount":"x"}]'],
  ['/predict/batch', '[{"amount":1},{]'],
  ['/predict/batch', `[${'{},'.repeat(10_000)}{}]`],
]

test('the lane answers as the framework does, to the last header', async (t) => {
  const { address } = await openApp(t)
  for (const [path, body] of BODIES) {
    const [lane, framework] = [
      await post(address + path, body, { 'content-type': LANE }),
      await post(address + path, body, { 'content-type': FRAMEWORK }),
    ]
    assert.deepEqual(lane, framework, `${path} ${String(body).slice(0, 80)}`)
    assert.ok(lane.status < 500)
    assert.equal(lane.headers['x-content-type-options'], 'nosniff')
  }
})

test('without a champion and with a log that cannot write both give the same 503', async (t) => {
  const { address, models, log } = await openApp(t)
  models.retire()
  const withoutModel = [LANE, FRAMEWORK].map((type) =>
    post(`${address}/predict`, '{}', { 'content-type': type }),
  )
  const [lane, framework] = await Promise.all(withoutModel)
  assert.deepEqual(lane, framework)
  assert.deepEqual([lane!.status, lane!.headers['retry-after']], [503, '1'])
  models.serve(files, '1')
  await log.close()
  const closed = await Promise.all(
    [LANE, FRAMEWORK].map((type) => post(`${address}/predict`, '{}', { 'content-type': type })),
  )
  assert.deepEqual(closed[0], closed[1])
  assert.equal(closed[0]!.status, 503)
})

test('a foreign host or origin, and a caller who must show a key, are judged by the framework', async (t) => {
  const { address } = await openApp(t)
  for (const headers of [{ host: 'evil.example' }, { origin: 'http://evil.example' }]) {
    const { status } = await post(`${address}/predict`, '{}', { 'content-type': LANE, ...headers })
    assert.equal(status, 403, JSON.stringify(headers))
  }
  const access = createAccess({ apiKeys: [{ name: 'k', role: 'read', key: 'secret' }], anonymous: 'none' })
  const guarded = await openApp(t, { access })
  const unknown = await post(`${guarded.address}/predict`, '{}', { 'content-type': LANE })
  assert.equal(unknown.status, 401)
  const known = await post(`${guarded.address}/predict`, '{}', {
    'content-type': LANE,
    'x-api-key': 'secret',
  })
  assert.equal(known.status, 200)
})

test('requests of both ways are counted alike, also one whose caller leaves', async (t) => {
  const { address, app } = await openApp(t)
  await post(`${address}/predict`, '{}', { 'content-type': LANE })
  await post(`${address}/predict`, '{}', { 'content-type': FRAMEWORK })
  await post(`${address}/predict`, '{', { 'content-type': LANE })
  const { port } = new URL(address)
  const socket = connect(Number(port), '127.0.0.1')
  socket.write(
    `POST /predict HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: ${LANE}\r\ncontent-length: 10\r\n\r\n{`,
  )
  await once(socket, 'connect')
  await fetch(`${address}/health`)
  socket.destroy()
  const wanted = [
    'fds_requests_total{endpoint="/predict",status="200",model_version="champion"} 2',
    'fds_requests_total{endpoint="/predict",status="400",model_version="none"} 1',
    'fds_requests_total{endpoint="/predict",status="499",model_version="none"} 1',
  ]
  let metrics = ''
  for (let look = 0; look < 100 && !wanted.every((line) => metrics.includes(line)); look++) {
    await sleep(20)
    metrics = (await app.inject('/metrics')).body
  }
  for (const line of wanted) assert.ok(metrics.includes(line), line)
})
