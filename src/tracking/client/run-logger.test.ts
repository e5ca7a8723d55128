import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import test from 'node:test'
import { FdsError } from '../../errors.ts'
import { jsonOf, openHttpServer, openSocketServer } from './http-server.fixture.ts'
import { MlflowClient } from './mlflow-client.ts'
import { RunLogger } from './run-logger.ts'

async function incomplete(work: Promise<unknown>): Promise<FdsError<'LOGGING_INCOMPLETE'>> {
  const error = await work.then(
    () => undefined,
    (caught: unknown) => caught,
  )
  assert.ok(error instanceof FdsError && error.code === 'LOGGING_INCOMPLETE', String(error))
  return error as FdsError<'LOGGING_INCOMPLETE'>
}

test('10,000 metrics, 250 parameters and 150 tags arrive in order and in few requests', async () => {
  const served = await openSocketServer()
  let requests = 0
  served.app.server.on('request', () => requests++)
  const { runId } = (await served.client.createRun({ experimentId: '0' })).info
  const logger = new RunLogger(served.client, runId)
  for (let step = 0; step < 10_000; step++) logger.logMetric({ key: 'loss', value: 1 / (step + 1), step })
  logger.logParams(Object.fromEntries(Array.from({ length: 250 }, (_, index) => [`p${index}`, index])))
  logger.setTags(Object.fromEntries(Array.from({ length: 150 }, (_, index) => [`t${index}`, 'x'])))
  logger.setTags({ t0: 'last' })
  logger.logArtifact({ path: 'a/b.txt', data: 'text' })
  assert.equal(logger.size, 10_402)
  await logger.flush()
  assert.equal(logger.size, 0)
  // run, 10 of metrics, 3 of parameters, 2 of tags, file with its run
  assert.ok(requests <= 18, String(requests))
  const points = await served.client.getMetricHistory(runId, 'loss')
  assert.deepEqual([points.length, points[9999]?.value], [10_000, 1 / 10_000])
  const { params, tags } = (await served.client.getRun(runId)).data
  assert.deepEqual([Object.keys(params).length, params['p249'], tags['t0']], [250, '249', 'last'])
  assert.deepEqual(await served.client.listArtifacts(runId), [{ path: 'a', isDir: true }])
  await served.close()
})

test('one request of a run at a time, however fast entries come', async (t) => {
  const bodies: number[] = []
  let inFlight = 0
  let most = 0
  const { uri, close } = await openHttpServer(async (request, response) => {
    most = Math.max(most, ++inFlight)
    bodies.push(((await jsonOf(request))['metrics'] as unknown[]).length)
    setTimeout(() => {
      inFlight--
      response.end('{}')
    }, 5)
  })
  t.after(close)
  const logger = new RunLogger(new MlflowClient({ uri, now: () => 1 }), 'r')
  for (let step = 0; step < 200; step++) {
    logger.logMetric({ key: 'm', value: step, step })
    if (step % 10 === 0) await new Promise((wake) => setTimeout(wake, 1))
  }
  await logger.flush()
  assert.equal(most, 1)
  assert.equal(
    bodies.reduce((sum, count) => sum + count, 0),
    200,
  )
})

test('a server that is busy for a while loses nothing', async (t) => {
  const got: unknown[] = []
  let requests = 0
  const { uri, close } = await openHttpServer(async (request, response) => {
    const { metrics } = await jsonOf(request)
    if (requests++ % 3 < 2) return void response.writeHead(503).end('busy')
    got.push(...(metrics as { step: number }[]).map(({ step }) => step))
    response.end('{}')
  })
  t.after(close)
  const client = new MlflowClient({ uri, now: () => 1, sleep: async () => {} })
  const logger = new RunLogger(client, 'r')
  for (let step = 0; step < 2500; step++) logger.logMetric({ key: 'm', value: 0, step })
  await logger.flush()
  assert.deepEqual(
    got,
    Array.from({ length: 2500 }, (_, step) => step),
  )
})

test('a server that went away is told by flush; what waits is sent when it is back', async (t) => {
  const got: unknown[] = []
  let isBack = false
  const { uri, close } = await openHttpServer(async (request, response) => {
    if (!isBack) return void request.socket.destroy()
    got.push(...((await jsonOf(request))['metrics'] as unknown[]))
    response.end('{}')
  })
  t.after(close)
  const client = new MlflowClient({ uri, now: () => 1, sleep: async () => {} })
  const logger = new RunLogger(client, 'r')
  logger.logMetrics({ a: 1, b: 2 }, { step: 3 })
  const error = await incomplete(logger.flush())
  assert.deepEqual([error.details.lost, error.details.waiting], [0, 2])
  assert.match(error.message, /run r is incomplete \(0 entries lost, 2 waiting\): Cannot reach/)
  isBack = true
  logger.logMetric({ key: 'c', value: 3 })
  await logger.flush()
  assert.equal(got.length, 3)
})

test('an entry that the server refuses costs itself alone, and is told once', async () => {
  const served = await openSocketServer()
  const { runId } = (await served.client.createRun({ experimentId: '0' })).info
  const logger = new RunLogger(served.client, runId)
  for (let step = 0; step < 300; step++)
    logger.logMetric({ key: step === 123 ? 'bad//name' : 'm', value: 1, step })
  const error = await incomplete(logger.flush())
  assert.deepEqual([error.details.lost, error.details.waiting], [1, 0])
  assert.match(error.message, /INVALID_PARAMETER_VALUE/)
  await logger.flush()
  assert.equal((await served.client.getMetricHistory(runId, 'm')).length, 299)
  await served.close()
})

test('a deleted run is not asked entry by entry', async () => {
  const served = await openSocketServer()
  let requests = 0
  const { runId } = (await served.client.createRun({ experimentId: '0' })).info
  await served.client.deleteRun(runId)
  served.app.server.on('request', () => requests++)
  const logger = new RunLogger(served.client, runId)
  for (let step = 0; step < 1000; step++) logger.logMetric({ key: 'm', value: 1, step })
  assert.equal((await incomplete(logger.flush())).details.lost, 1000)
  assert.ok(requests < 100, String(requests))
  await served.close()
})

test('abort drops what waits and says so', async (t) => {
  const { uri, close } = await openHttpServer(() => {})
  t.after(close)
  const logger = new RunLogger(new MlflowClient({ uri, now: () => 1 }), 'r')
  logger.logMetrics({ a: 1, b: 2 })
  setTimeout(() => logger.abort(), 20)
  const error = await incomplete(logger.flush())
  assert.deepEqual([error.details.lost, error.details.waiting], [2, 0])
  assert.throws(() => logger.logMetric({ key: 'c', value: 1 }), /abort/)
})

test('a process that ends of itself sends what waits, and fails where it cannot', async () => {
  const served = await openSocketServer()
  const { runId } = (await served.client.createRun({ experimentId: '0' })).info
  const program = (uri: string) => `
    import { MlflowClient, RunLogger } from './src/tracking/index.ts'
    const client = new MlflowClient({ uri: '${uri}', now: Date.now, sleep: async () => {} })
    const logger = new RunLogger(client, '${runId}')
    for (let step = 0; step < 1500; step++) logger.logMetric({ key: 'm', value: step, step })`
  const args = (uri: string) => ['--input-type=module-typescript', '-e', program(uri)]
  await new Promise<void>((resolve, reject) => {
    import('node:child_process').then(({ execFile }) =>
      execFile(process.execPath, args(served.uri), (error) => (error ? reject(error) : resolve())),
    )
  })
  assert.equal((await served.client.getMetricHistory(runId, 'm')).length, 1500)
  await served.close()
  const failed = spawnSync(process.execPath, args(served.uri), { encoding: 'utf8' })
  assert.equal(failed.status, 1)
  assert.match(failed.stderr, /LOGGING_INCOMPLETE|is incomplete \(0 entries lost, 1500 waiting\)/)
})
