import assert from 'node:assert/strict'
import test from 'node:test'
import { FdsError } from '../../errors.ts'
import { openHttpServer, openSocketServer } from './http-server.fixture.ts'
import { MlflowClient } from './mlflow-client.ts'
import type { ConnectionOptions } from './tracking-connection.ts'

const RUN =
  '{"run":{"info":{"run_id":"r","experiment_id":"0","status":"RUNNING","lifecycle_stage":"active"},"data":{}}}'

/** A client that does not wait between repetitions. */
function clientOf(uri: string, options: Partial<ConnectionOptions> = {}): MlflowClient {
  return new MlflowClient({ uri, now: Date.now, sleep: async () => {}, ...options })
}

async function failure(work: Promise<unknown>): Promise<FdsError> {
  const error = await work.then(
    () => undefined,
    (caught: unknown) => caught,
  )
  assert.ok(error instanceof FdsError, String(error))
  return error
}

test('an answer that breaks off is asked for again, unless the call must not happen twice', async (t) => {
  let requests = 0
  const { uri, close } = await openHttpServer((_, response) => {
    response.writeHead(200, { 'content-length': RUN.length })
    if (requests++ % 2 === 0) response.write(RUN.slice(0, 20), () => response.destroy())
    else response.end(RUN)
  })
  t.after(close)
  assert.equal((await clientOf(uri).getRun('r')).info.runId, 'r')
  assert.equal(requests, 2)
  const error = await failure(clientOf(uri).createRun({ experimentId: '0' }))
  assert.equal(error.code, 'TRACKING_UNREACHABLE')
  assert.equal(requests, 3)
})

test('a page of HTML is named in one line, without its tags', async (t) => {
  const { uri, close } = await openHttpServer((_, response) => {
    response.writeHead(502, { 'content-type': 'text/html' })
    response.end('<html><head><style>a { }</style></head>\n<body><h1>Bad</h1>\n<p>Gateway</body></html>')
  })
  t.after(close)
  const error = await failure(clientOf(uri, { maxRetries: 1 }).getRun('r'))
  assert.match(error.message, /answered 502 HTTP_502 to GET \/api\/2\.0\/mlflow\/runs\/get: Bad Gateway$/)
})

test('a page of HTML with status 200, an empty answer and a redirection are no answers', async (t) => {
  const answers = [
    () => [200, {}, '<html>Sign in</html>'] as const,
    () => [200, {}, ''] as const,
    () => [301, { location: 'https://user:secret@other/api' }, ''] as const,
  ]
  let next = 0
  const { uri, close } = await openHttpServer((_, response) => {
    const [status, headers, body] = answers[next++]!()
    response.writeHead(status, headers).end(body)
  })
  t.after(close)
  const client = clientOf(uri)
  assert.match((await failure(client.getRun('r'))).message, /200 INVALID_ANSWER .* it starts with Sign in/)
  assert.match((await failure(client.getRun('r'))).message, /200 INVALID_ANSWER .*'run'/)
  const moved = await failure(client.getRun('r'))
  assert.match(moved.message, /301 HTTP_301 .* redirects to https:\/\/other\/api; make that the tracking URI/)
})

test('a wrong content type and bare NaN do no harm, nor does an empty answer to a call that has none', async (t) => {
  const { uri, close } = await openHttpServer((request, response) => {
    response.setHeader('content-type', 'text/plain')
    if (request.method === 'POST') return void response.end()
    response.end(
      '{"metrics":[{"key":"m","value":NaN,"timestamp":1,"step":0},{"key":"m","value":-Infinity,"timestamp":2}]}',
    )
  })
  t.after(close)
  const client = clientOf(uri)
  await client.setTag('r', { key: 'a', value: 'b' })
  const points = await client.getMetricHistory('r', 'm')
  assert.deepEqual(
    points.map(({ value, step }) => [value, step]),
    [
      [Number.NaN, 0],
      [Number.NEGATIVE_INFINITY, 0],
    ],
  )
})

test('a server that asks to be left alone for a while is, as it says', async (t) => {
  const waits: number[] = []
  const answers = ['2', 'Thu, 01 Jan 1970 00:00:10 GMT', '1000000']
  const { uri, close } = await openHttpServer((_, response) => {
    response
      .writeHead(429, { 'retry-after': answers[waits.length]! })
      .end('{"error_code":"REQUEST_LIMIT_EXCEEDED"}')
  })
  t.after(close)
  const sleep = async (milliseconds: number) => void waits.push(milliseconds)
  const error = await failure(clientOf(uri, { sleep, now: () => 3000 }).createRun({ experimentId: '0' }))
  // the third would pass the deadline
  assert.deepEqual(waits, [2000, 7000])
  assert.match(error.message, /429 REQUEST_LIMIT_EXCEEDED/)
})

test('a server that says nothing is left: after the silence, at the deadline, and at a signal', async (t) => {
  const { uri, close } = await openHttpServer(() => {})
  t.after(close)
  const silent = await failure(clientOf(uri, { silenceMs: 50, maxRetries: 0 }).getRun('r'))
  assert.match(silent.message, /no answer within 0\.05 s/)
  const late = await failure(clientOf(uri, { deadlineMs: 50 }).getRun('r'))
  assert.match(late.message, /Cannot reach .* timeout/)
  const stop = new AbortController()
  const call = clientOf(uri).withSignal(stop.signal).getRun('r')
  stop.abort(new Error('enough'))
  await assert.rejects(call, /enough/)
  await assert.rejects(clientOf(uri).withSignal(stop.signal).getRun('r'), /enough/)
})

test('a signal ends the wait between repetitions too', async (t) => {
  const { uri, close } = await openHttpServer((_, response) => void response.writeHead(503).end())
  t.after(close)
  const stop = new AbortController()
  const client = new MlflowClient({ uri, now: Date.now, backoffJitter: 60 }).withSignal(stop.signal)
  setTimeout(() => stop.abort(new Error('enough')), 50)
  await assert.rejects(client.getRun('r'), /enough/)
})

test('calls share a connection, also those with a signal of their own', async (t) => {
  const { uri, server, close } = await openHttpServer((_, response) => void response.end(RUN))
  t.after(close)
  let connections = 0
  server.on('connection', () => connections++)
  const client = clientOf(uri)
  for (let call = 0; call < 5; call++) await client.getRun('r')
  await client.withSignal(new AbortController().signal).getRun('r')
  assert.equal(connections, 1)
})

test('a password goes as a header and never into a message', async () => {
  const headers: unknown[] = []
  const { uri, close } = await openHttpServer((request, response) => {
    headers.push(request.headers.authorization)
    response.writeHead(401).end('{"error_code":"UNAUTHENTICATED","message":"no"}')
  })
  const named = uri.replace('http://', 'http://ann:p%40ss@')
  assert.doesNotMatch((await failure(clientOf(named).getRun('r'))).message, /p(%40|@)ss/)
  assert.deepEqual(headers, [`Basic ${Buffer.from('ann:p@ss').toString('base64')}`])
  assert.equal(clientOf(named).uri, uri)
  await close()
  const gone = await failure(clientOf(named).getRun('r'))
  assert.match(gone.message, new RegExp(`Cannot reach the tracking server at ${uri}: `))
})

test('a server that answered before is waited for longer than one that never did', async () => {
  const waits: number[] = []
  const served = await openSocketServer({ sleep: async (milliseconds) => void waits.push(milliseconds) })
  await served.client.getExperiment('0')
  await served.close()
  await failure(served.client.getExperiment('0'))
  assert.equal(waits.length, 7)
  assert.ok(waits.reduce((sum, wait) => sum + wait) > 100_000)
})
