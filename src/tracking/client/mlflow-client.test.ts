import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import test from 'node:test'
import { FdsError } from '../../errors.ts'
import type { Endpoint } from '../protocol/endpoint.ts'
import { ENDPOINTS, pathsOf } from '../protocol/endpoints.ts'
import { contentDigest, createDataset } from './dataset.ts'
import { openSocketServer } from './http-server.fixture.ts'
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

test('every call of the protocol has a method, and every method does what its name says', async (t) => {
  const served = await openSocketServer()
  t.after(served.close)
  const { client } = served
  const asked = new Set<string>()
  served.app.server.on('request', ({ method, url }) => asked.add(`${method} ${url?.replace(/\?.*/, '')}`))
  await useExperimentsAndRuns(client)
  await useRegistry(client)
  await useLoggedModels(client)
  const missing = Object.entries<Endpoint>(ENDPOINTS).filter(([, endpoint]) => {
    const path = pathsOf(endpoint)[0]!.replace(/\{\w+\}/g, '[^/]+')
    return ![...asked].some((request) => new RegExp(`^${endpoint.methods[0]} ${path}$`).test(request))
  })
  assert.deepEqual(
    missing.map(([name]) => name),
    [],
  )
})

async function useExperimentsAndRuns(client: MlflowClient): Promise<void> {
  const experimentId = await client.createExperiment('all', { tags: { a: '1' } })
  await client.setExperimentTag(experimentId, { key: 'b', value: '2' })
  await client.deleteExperimentTag({ experimentId, key: 'a' })
  await client.renameExperiment({ experimentId, newName: 'renamed' })
  assert.deepEqual((await client.getExperimentByName('renamed'))?.tags, { b: '2' })
  assert.equal((await client.getExperiment(experimentId)).name, 'renamed')
  assert.equal(await client.getExperimentByName('none'), undefined)

  const parent = (await client.createRun({ experimentId, runName: 'parent' })).info.runId
  const { runId } = (await client.createRun({ experimentId, parentRunId: parent, tags: { t: '1' } })).info
  assert.equal((await client.getParentRun(runId))?.info.runId, parent)
  assert.equal(await client.getParentRun(parent), undefined)
  await client.logMetric(runId, { key: 'm', value: 1, step: 3 })
  await client.logParam(runId, { key: 'p', value: 0.1 })
  await client.setTag(runId, { key: 'u', value: '2' })
  await client.deleteTag({ runId, key: 't' })
  await client.logBatch(runId, { params: [{ key: 'q', value: true }] })
  await client.setTerminated(runId)
  const run = await client.getRun(runId)
  assert.deepEqual([run.data.metrics, run.data.params], [{ m: 1 }, { p: '0.1', q: 'true' }])
  assert.deepEqual([run.data.tags['u'], run.data.tags['t']], ['2', undefined])
  assert.deepEqual([run.info.status, run.info.endTime! > run.info.startTime!], ['FINISHED', true])
  await useHistories(client, runId)
  await useInputs(client, { runId, experimentId })
  await useFiles(client, runId)
  await client.deleteRun(runId)
  const deleted = await client.searchRuns({ experimentIds: [experimentId], runViewType: 'DELETED_ONLY' })
  assert.equal(deleted.items.length, 1)
  await client.restoreRun(runId)
  await client.deleteExperiment(experimentId)
  assert.equal((await client.searchExperiments({ viewType: 'DELETED_ONLY' })).items[0]?.name, 'renamed')
  await client.restoreExperiment(experimentId)
}

async function useHistories(client: MlflowClient, runId: string): Promise<void> {
  const points = [{ key: 'm', value: 1, step: 3 }]
  const told = (found: readonly { key: string; value: number; step: number }[]) =>
    found.map(({ key, value, step }) => ({ key, value, step }))
  assert.deepEqual(told(await client.getMetricHistory(runId, 'm')), points)
  assert.deepEqual(told(await client.getMetricHistoryBulk({ runIds: [runId], metricKey: 'm' })), points)
  const sampled = await client.getMetricHistoryBulkInterval({
    runIds: [runId],
    metricKey: 'm',
    maxResults: 10,
  })
  assert.deepEqual(told(sampled), points)
}

async function useInputs(client: MlflowClient, run: { runId: string; experimentId: string }): Promise<void> {
  const dataset = createDataset({ name: 'd', digest: contentDigest('a') })
  await client.logInputs(run.runId, [{ dataset, tags: { 'mlflow.data.context': 'training' } }])
  const [input] = (await client.getRun(run.runId)).inputs
  assert.deepEqual([input?.dataset, input?.tags], [dataset, { 'mlflow.data.context': 'training' }])
  assert.deepEqual(await client.searchDatasets([run.experimentId]), [
    { experimentId: run.experimentId, name: 'd', digest: contentDigest('a'), context: 'training' },
  ])
  await client.logModel(
    run.runId,
    '{"artifact_path":"model","run_id":"r","utc_time_created":"1","flavors":{}}',
  )
  assert.match((await client.getRun(run.runId)).data.tags['mlflow.log-model.history'] ?? '', /"model"/)
}

async function useFiles(client: MlflowClient, runId: string): Promise<void> {
  await client.logText(runId, { text: 'a', artifactFile: 'a.txt' })
  assert.equal((await client.listArtifacts(runId))[0]?.path, 'a.txt')
  await assert.rejects(client.createPresignedUploadUrl({ runId, path: 'a' }), { code: 'TRACKING_FAILED' })
  await assert.rejects(client.createPresignedDownloadUrl({ runId, path: 'a' }), { code: 'TRACKING_FAILED' })
}

async function useRegistry(client: MlflowClient): Promise<void> {
  const { runId } = (await client.createRun({ experimentId: '0' })).info
  const source = `runs:/${runId}/model`
  await client.createRegisteredModel('m', { tags: { a: '1' }, description: 'd' })
  const { version } = await client.createModelVersion({ name: 'm', source, tags: { k: 'v' } })
  await client.setModelVersionTag({ name: 'm', version, key: 'l', value: 'w' })
  await client.deleteModelVersionTag({ name: 'm', version, key: 'k' })
  await client.updateModelVersion({ name: 'm', version, description: 'e' })
  await client.setRegisteredModelAlias({ name: 'm', alias: 'champion', version })
  const found = await client.getModelVersionByAlias({ name: 'm', alias: 'champion' })
  assert.deepEqual([found.version, found.tags, found.description, found.runId], ['1', { l: 'w' }, 'e', runId])
  assert.equal((await client.getModelVersion({ name: 'm', version })).description, 'e')
  assert.match(await client.getModelVersionDownloadUri({ name: 'm', version }), /artifacts\/model$/)
  assert.equal((await client.searchModelVersions({ filter: "tags.l = 'w'" })).items.length, 1)
  const copy = await client.copyModelVersion({ srcModelUri: 'models:/m@champion', dstName: 'copy' })
  assert.deepEqual([copy.version, copy.tags, copy.source], ['1', { l: 'w' }, 'models:/m/1'])
  assert.equal((await client.copyModelVersion({ srcModelUri: 'models:/m/1', dstName: 'copy' })).version, '2')
  await assert.rejects(client.copyModelVersion({ srcModelUri: source, dstName: 'copy' }), /only a version/)
  await client.deleteRegisteredModel('copy')
  const stage = { name: 'm', version, stage: 'Production' }
  await assert.rejects(client.transitionModelVersionStage(stage), /alias/)
  await client.setRegisteredModelTag({ name: 'm', key: 'b', value: '2' })
  await client.deleteRegisteredModelTag({ name: 'm', key: 'a' })
  await client.updateRegisteredModel({ name: 'm', description: 'f' })
  await client.renameRegisteredModel({ name: 'm', newName: 'n' })
  const model = await client.getRegisteredModel('n')
  assert.deepEqual([model.tags, model.aliases, model.description], [{ b: '2' }, { champion: '1' }, 'f'])
  assert.equal((await client.getLatestVersions('n'))[0]?.version, '1')
  await client.promoteModelVersion({ name: 'n', version })
  await assert.rejects(client.rollbackChampion({ name: 'n' }), { code: 'TRACKING_FAILED' })
  assert.ok((await client.getAliasHistory({ name: 'n' })).items.length > 0)
  assert.deepEqual((await client.syncStudy({ studyName: 's', operations: [] })).entries, [])
  await client.deleteRegisteredModelAlias({ name: 'n', alias: 'champion' })
  await client.deleteModelVersion({ name: 'n', version })
  await client.deleteRegisteredModel('n')
  assert.deepEqual((await client.searchRegisteredModels()).items, [])
}

async function useLoggedModels(client: MlflowClient): Promise<void> {
  const { runId } = (await client.createRun({ experimentId: '0' })).info
  const input = { experimentId: '0', name: 'l', params: { p: '1' }, sourceRunId: runId }
  const { modelId } = await client.createLoggedModel(input)
  await client.setLoggedModelTags(modelId, { a: '1', b: '2' })
  await client.deleteLoggedModelTag({ modelId, key: 'b' })
  await client.logModelParams(modelId, { q: '2' })
  await client.logModelArtifact(modelId, { path: 'MLmodel', data: 'flavors: {}' })
  await client.logModelArtifacts(modelId, new Map([['deep/a', 'A']]))
  assert.deepEqual(await client.listLoggedModelArtifacts(modelId, 'deep'), [
    { path: 'deep/a', isDir: false, fileSize: 1 },
  ])
  await client.logOutputs(runId, [{ modelId, step: 0 }])
  assert.deepEqual((await client.getRun(runId)).outputs, [modelId])
  await client.logMetric(runId, { key: 'auc', value: 0.9, modelId })
  await client.finalizeLoggedModel({ modelId, status: 'LOGGED_MODEL_READY' })
  const read = await client.getLoggedModel(modelId)
  const expected = [{ a: '1' }, { p: '1', q: '2' }, 'LOGGED_MODEL_READY', 0.9]
  assert.deepEqual([read.tags, read.params, read.status, read.metrics[0]?.value], expected)
  const orderBy = [{ fieldName: 'metrics.auc', ascending: false }]
  assert.equal((await client.searchLoggedModels({ experimentIds: ['0'], orderBy })).items.length, 1)
  await client.deleteLoggedModel(modelId)
  assert.equal((await client.getLoggedModel(modelId, { allowDeleted: true })).modelId, modelId)
}
