import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import test from 'node:test'
import { FdsError } from '../../errors.ts'
import { openTestServer } from '../server/tracking-test-server.ts'
import { MlflowClient } from './mlflow-client.ts'
import { parseTolerant } from './read-answer.ts'
import type { TransportRequest } from './transport.ts'

type Answer = readonly [status: number, body: string] | Error
const RUN =
  '{"run":{"info":{"run_id":"r","experiment_id":"0","status":"RUNNING","lifecycle_stage":"active"},"data":{"metrics":[{"key":"m","value":NaN,"timestamp":1,"step":0}]}}}'
const BUSY: Answer = [503, '{"error_code":"TEMPORARILY_UNAVAILABLE","message":"busy"}']

/** A client of a server that gives these answers in turn, and waits without waiting. */
function scripted(answers: readonly Answer[], options: { token?: string; deadlineMs?: number } = {}) {
  const requests: TransportRequest[] = []
  const waits: number[] = []
  let time = 0
  const client = new MlflowClient({
    uri: 'http://tracking',
    now: () => time,
    sleep: async (milliseconds) => {
      waits.push(milliseconds)
      time += milliseconds
    },
    transport: async (request) => {
      const answer = answers[requests.length]!
      requests.push(request)
      if (answer instanceof Error) throw answer
      return { status: answer[0], headers: {}, body: Readable.from([Buffer.from(answer[1])]) }
    },
    ...options,
  })
  return { client, requests, waits }
}

async function failure(work: Promise<unknown>): Promise<FdsError> {
  const error = await work.then(
    () => undefined,
    (caught: unknown) => caught,
  )
  assert.ok(error instanceof FdsError, String(error))
  return error
}

test('a refusal becomes TRACKING_FAILED and keeps the code of MLflow', async () => {
  const { client } = scripted([[404, '{"error_code":"RESOURCE_DOES_NOT_EXIST","message":"No run"}']])
  const error = await failure(client.getRun('r'))
  assert.equal(error.code, 'TRACKING_FAILED')
  assert.deepEqual(error.details, {
    method: 'GET',
    path: '/api/2.0/mlflow/runs/get',
    status: 404,
    errorCode: 'RESOURCE_DOES_NOT_EXIST',
    message: 'No run',
  })
})

test('what is no JSON, as a proxy answers, is named too', async () => {
  const { client } = scripted([[403, '<html>Forbidden']])
  const error = await failure(client.getRun('r'))
  assert.match(error.message, /403 HTTP_403 to GET \/api\/2\.0\/mlflow\/runs\/get: Forbidden/)
  const odd = await failure(scripted([[200, 'OK']]).client.getRun('r'))
  assert.match(odd.message, /INVALID_ANSWER/)
})

test('statuses that may pass are tried again, with growing waits', async () => {
  const { client, requests, waits } = scripted([
    BUSY,
    [429, ''],
    [502, ''],
    [504, ''],
    [500, ''],
    [408, ''],
    [200, RUN],
  ])
  assert.equal((await client.getRun('r')).info.runId, 'r')
  assert.equal(requests.length, 7)
  // MLflow's backoff: factor 2, up to a second of jitter
  const bases = [0, 4000, 8000, 16_000, 32_000, 64_000]
  for (const [index, base] of bases.entries()) {
    assert.ok(waits[index]! >= base && waits[index]! < base + 1000, `wait ${index}: ${waits[index]}`)
  }
})

test('after seven repetitions, or past the deadline, it gives up', async () => {
  const many = scripted(Array(20).fill(BUSY))
  assert.equal((await failure(many.client.getRun('r'))).code, 'TRACKING_FAILED')
  assert.equal(many.requests.length, 8)
  const hurried = scripted(Array(20).fill(BUSY), { deadlineMs: 1000 })
  await failure(hurried.client.getRun('r'))
  assert.ok(hurried.requests.length <= 3, String(hurried.requests.length))
})

test('a server that is not there is not waited for long', async () => {
  const { client, requests, waits } = scripted(Array(20).fill(new Error('connect ECONNREFUSED')))
  assert.equal((await failure(client.getRun('r'))).code, 'TRACKING_UNREACHABLE')
  assert.equal(requests.length, 4)
  assert.ok(waits.reduce((sum, wait) => sum + wait, 0) < 3000)
})

test('what makes a second thing is not sent twice, unless the server said it did nothing', async () => {
  const lost = scripted([
    [502, ''],
    [200, RUN],
  ])
  await failure(lost.client.createRun({ experimentId: '0' }))
  assert.equal(lost.requests.length, 1)
  const broken = scripted([new Error('socket hang up'), [200, RUN]])
  assert.equal((await failure(broken.client.createRun({ experimentId: '0' }))).code, 'TRACKING_UNREACHABLE')
  const busy = scripted([BUSY, [200, RUN]])
  await busy.client.createRun({ experimentId: '0' })
  assert.equal(busy.requests.length, 2)
})

test('a server that is not there is TRACKING_UNREACHABLE with the reason', async () => {
  const client = new MlflowClient({ uri: 'http://127.0.0.1:1', now: Date.now, sleep: async () => {} })
  const error = await failure(client.getRun('r'))
  assert.equal(error.code, 'TRACKING_UNREACHABLE')
  assert.match(error.message, /http:\/\/127\.0\.0\.1:1: .*(ECONNREFUSED|bad port)/)
})

test('bare NaN, which Python writes, is read', async () => {
  const { client } = scripted([[200, RUN]])
  assert.deepEqual((await client.getRun('r')).data.metrics, { m: Number.NaN })
  const odd = '{"a":"NaN, \\"Infinity","b":[NaN,-Infinity,Infinity],"NaN":1}'
  const expected = { a: 'NaN, "Infinity', b: ['NaN', '-Infinity', 'Infinity'], NaN: 1 }
  assert.deepEqual(parseTolerant(odd), expected)
  assert.equal(parseTolerant('{'), undefined)
})

test('credentials go with each request', async () => {
  const { client, requests } = scripted([[200, RUN]], { token: 'secret' })
  await client.getRun('r')
  assert.equal(requests[0]?.headers['authorization'], 'Bearer secret')
})

test('every method does what its name says on a real server', async () => {
  const { client, close } = await openTestServer()
  const experimentId = await client.createExperiment('all', { tags: { a: '1' } })
  await client.setExperimentTag(experimentId, { key: 'b', value: '2' })
  await client.deleteExperimentTag({ experimentId, key: 'a' })
  await client.renameExperiment({ experimentId, newName: 'renamed' })
  assert.deepEqual((await client.getExperimentByName('renamed'))?.tags, { b: '2' })
  assert.equal(await client.getExperimentByName('none'), undefined)

  const parent = (await client.createRun({ experimentId, runName: 'parent' })).info.runId
  const { runId } = (await client.createRun({ experimentId, parentRunId: parent, tags: { t: '1' } })).info
  await client.logMetric(runId, { key: 'm', value: 1, step: 3 })
  await client.logParam(runId, { key: 'p', value: 0.1 })
  await client.setTag(runId, { key: 'u', value: '2' })
  await client.deleteTag({ runId, key: 't' })
  await client.logBatch(runId, { params: [{ key: 'q', value: true }] })
  await client.setTerminated(runId)
  const run = await client.getRun(runId)
  assert.deepEqual([run.data.metrics, run.data.params], [{ m: 1 }, { p: '0.1', q: 'true' }])
  assert.deepEqual(
    [run.data.tags['mlflow.parentRunId'], run.data.tags['u'], run.data.tags['t']],
    [parent, '2', undefined],
  )
  assert.deepEqual([run.info.status, run.info.endTime! > run.info.startTime!], ['FINISHED', true])
  await client.deleteRun(runId)
  const deleted = await client.searchRuns({ experimentIds: [experimentId], runViewType: 'DELETED_ONLY' })
  assert.equal(deleted.items.length, 1)
  await client.restoreRun(runId)

  const source = `runs:/${runId}/model`
  await client.createRegisteredModel('m', { tags: { a: '1' }, description: 'd' })
  const { version } = await client.createModelVersion({ name: 'm', source, tags: { k: 'v' } })
  await client.setModelVersionTag({ name: 'm', version, key: 'l', value: 'w' })
  await client.deleteModelVersionTag({ name: 'm', version, key: 'k' })
  await client.updateModelVersion({ name: 'm', version, description: 'e' })
  await client.setRegisteredModelAlias({ name: 'm', alias: 'champion', version })
  const found = await client.getModelVersionByAlias({ name: 'm', alias: 'champion' })
  assert.deepEqual([found.version, found.tags, found.description, found.runId], ['1', { l: 'w' }, 'e', runId])
  assert.equal((await client.searchModelVersions({ filter: "tags.l = 'w'" })).items.length, 1)
  await client.setRegisteredModelTag({ name: 'm', key: 'b', value: '2' })
  await client.deleteRegisteredModelTag({ name: 'm', key: 'a' })
  await client.updateRegisteredModel({ name: 'm', description: 'f' })
  await client.renameRegisteredModel({ name: 'm', newName: 'n' })
  const model = await client.getRegisteredModel('n')
  assert.deepEqual([model.tags, model.aliases, model.description], [{ b: '2' }, { champion: '1' }, 'f'])
  assert.equal((await client.getLatestVersions('n'))[0]?.version, '1')
  await client.deleteRegisteredModelAlias({ name: 'n', alias: 'champion' })
  await client.deleteModelVersion({ name: 'n', version })
  await client.deleteRegisteredModel('n')
  assert.deepEqual((await client.searchRegisteredModels()).items, [])

  const logged = await client.createLoggedModel({
    experimentId,
    name: 'l',
    params: { p: '1' },
    sourceRunId: runId,
  })
  await client.setLoggedModelTags(logged.modelId, { a: '1' })
  await client.finalizeLoggedModel({ modelId: logged.modelId, status: 'LOGGED_MODEL_READY' })
  const read = await client.getLoggedModel(logged.modelId)
  assert.deepEqual([read.tags, read.params, read.status], [{ a: '1' }, { p: '1' }, 'LOGGED_MODEL_READY'])
  assert.equal((await client.searchLoggedModels({ experimentIds: [experimentId] })).items.length, 1)
  await client.deleteLoggedModel(logged.modelId)
  await client.deleteExperiment(experimentId)
  assert.equal((await client.searchExperiments({ viewType: 'DELETED_ONLY' })).items[0]?.name, 'renamed')
  await client.restoreExperiment(experimentId)
  await close()
})
