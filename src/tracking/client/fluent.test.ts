import assert from 'node:assert/strict'
import { userInfo } from 'node:os'
import test, { after, before } from 'node:test'
import { openTestServer, type TestServer } from '../server/tracking-test-server.ts'
import { activeRun, activeRunId, activeRunLogger, endRun, lastActiveRun, startRun } from './active-run.ts'
import { contentDigest, createDataset } from './dataset.ts'
import { logInput, logMetric, logMetrics, logParam, logParams, setTag, setTags } from './fluent.ts'
import { logArtifact } from './fluent-artifacts.ts'
import { getRun, searchRuns } from './fluent-search.ts'
import { enableAsyncLogging, setExperiment, setTrackingClient } from './fluent-state.ts'
import { openSocketServer } from './http-server.fixture.ts'

let served: TestServer
before(async () => {
  served = await openTestServer()
})
after(() => served.close())

test('logging without a client or a run says what to do', async () => {
  await assert.rejects(
    startRun({}, async () => {}),
    /Call setTrackingUri\(uri\) or setTrackingClient\(client\)/,
  )
  await assert.rejects(logParams({ a: 1 }), /There is no active run/)
  setTrackingClient(served.client)
  await assert.rejects(logMetrics({ a: 1 }), /There is no active run/)
})

test('what is logged within startRun belongs to its run, which ends with it', async () => {
  setTrackingClient(served.client)
  const { experimentId } = await setExperiment('fluent')
  assert.equal((await setExperiment('fluent')).experimentId, experimentId)
  const many = Object.fromEntries(Array.from({ length: 250 }, (_, index) => [`p${index}`, index]))
  const runId = await startRun({ runName: 'first', description: 'why', tags: { a: '1' } }, async (run) => {
    await logParams({ ...many, p7: true, p8: null })
    await logMetrics({ auc: 0.9, loss: Number.NaN }, { step: 2 })
    await setTags({ b: '2' })
    await logArtifact({ path: 'notes/a.txt', data: 'text' })
    assert.equal(activeRunId(), run.info.runId)
    return run.info.runId
  })
  assert.equal(activeRunId(), undefined)
  const { info, data } = await served.client.getRun(runId)
  assert.deepEqual([info.status, info.runName, info.experimentId], ['FINISHED', 'first', experimentId])
  assert.deepEqual([Object.keys(data.params).length, data.metrics], [250, { auc: 0.9, loss: Number.NaN }])
  assert.deepEqual([data.params['p6'], data.params['p7'], data.params['p8']], ['6', 'true', 'null'])
  assert.deepEqual([data.tags['a'], data.tags['b'], data.tags['mlflow.note.content']], ['1', '2', 'why'])
  assert.deepEqual(await served.client.listArtifacts(runId), [{ path: 'notes', isDir: true }])
})

test('a run within a run must be meant, and is its child', async () => {
  setTrackingClient(served.client)
  await startRun({}, async (parent) => {
    await assert.rejects(
      startRun({}, async () => {}),
      /already active/,
    )
    const child = await startRun({ nested: true }, async (run) => {
      await logMetrics({ m: 1 })
      return run
    })
    assert.equal(child.data.tags['mlflow.parentRunId'], parent.info.runId)
    assert.deepEqual((await served.client.getRun(parent.info.runId)).data.metrics, {})
  })
})

test('a run whose work throws is FAILED, and the error passes on', async () => {
  setTrackingClient(served.client)
  let runId = ''
  const work = startRun({}, async (run) => {
    runId = run.info.runId
    throw new Error('broken')
  })
  await assert.rejects(work, /broken/)
  assert.equal((await served.client.getRun(runId)).info.status, 'FAILED')
})

test('runs side by side do not mix', async () => {
  setTrackingClient(served.client)
  const ids = await Promise.all(
    [1, 2, 3].map((value) =>
      startRun({}, async (run) => {
        for (let step = 0; step < 5; step++) await logMetrics({ m: value }, { step })
        return run.info.runId
      }),
    ),
  )
  const runs = await Promise.all(ids.map((id) => served.client.getRun(id)))
  assert.deepEqual(
    runs.map((run) => run.data.metrics['m']),
    [1, 2, 3],
  )
})

test('a run is taken up again, unless it is deleted or of another experiment', async () => {
  setTrackingClient(served.client)
  const first = await startRun({ runName: 'old' }, async (run) => run)
  const { runId } = first.info
  const again = await startRun({ runId, runName: 'new', tags: { a: '1' }, description: 'd' }, async (run) => {
    await logMetric('m', 2, { timestamp: 5, step: 1 })
    return run
  })
  assert.deepEqual([again.info.runId, again.info.status, again.info.runName], [runId, 'RUNNING', 'new'])
  const { info, data } = await served.client.getRun(runId)
  assert.deepEqual([info.status, data.metrics, data.tags['a']], ['FINISHED', { m: 2 }, '1'])
  await setExperiment('another')
  await assert.rejects(
    startRun({ runId }, async () => {}),
    /belongs to experiment 0/,
  )
  setTrackingClient(served.client)
  await served.client.deleteRun(runId)
  await assert.rejects(
    startRun({ runId }, async () => {}),
    /is deleted/,
  )
})

test('a run without a function is active until endRun, as in Python', async () => {
  setTrackingClient(served.client)
  const { info } = await startRun({ runName: 'by hand' })
  await assert.rejects(startRun(), /already active/)
  await logParam('p', 1)
  const child = await startRun({ nested: true })
  assert.equal(activeRun()?.info.runId, child.info.runId)
  assert.equal(child.data.tags['mlflow.parentRunId'], info.runId)
  await endRun('KILLED')
  assert.equal((await lastActiveRun())?.info.runId, info.runId)
  await endRun()
  await endRun()
  assert.equal(activeRun(), undefined)
  assert.deepEqual(
    [(await lastActiveRun())?.info.status, (await getRun(child.info.runId)).info.status],
    ['FINISHED', 'KILLED'],
  )
  await startRun({}, async () => assert.rejects(startRun({ nested: true }), /give startRun a function too/))
})

test('a run names the user and the program, and what it read', async () => {
  setTrackingClient(served.client)
  const dataset = createDataset({ name: 'd', digest: contentDigest('a'), source: 'https://host/a.csv' })
  const runId = await startRun({}, async (run) => {
    await logMetric('auc', 0.5, { dataset })
    await logMetric('auc', 0.6, { dataset, step: 1 })
    await logInput(createDataset({ name: 'e', digest: contentDigest('b') }), { context: 'training' })
    return run.info.runId
  })
  const { data, inputs, info } = await served.client.getRun(runId)
  assert.equal(data.tags['mlflow.source.type'], 'LOCAL')
  assert.equal(data.tags['mlflow.source.name'], process.argv[1])
  assert.deepEqual([data.tags['mlflow.user'], info.userId], [userInfo().username, userInfo().username])
  assert.deepEqual(
    inputs.map(({ dataset: { name, sourceType }, tags }) => [name, sourceType, tags]),
    [
      ['d', 'http', {}],
      ['e', 'code', { 'mlflow.data.context': 'training' }],
    ],
  )
})

test('a deleted experiment is not set', async () => {
  setTrackingClient(served.client)
  await served.client.deleteExperiment(await served.client.createExperiment('gone'))
  await assert.rejects(setExperiment('gone'), /"gone" is deleted/)
})

test('logging in the background keeps its place before logging that waits, and the end of the run waits', async () => {
  setTrackingClient(served.client)
  const runId = await startRun({}, async (run) => {
    await setTag('order', 'first', { synchronous: false })
    await setTag('order', 'second')
    assert.equal((await getRun(run.info.runId)).data.tags['order'], 'second')
    enableAsyncLogging()
    for (let step = 0; step < 10_000; step++) await logMetric('loss', step, { step })
    enableAsyncLogging(false)
    return run.info.runId
  })
  assert.equal((await served.client.getMetricHistory(runId, 'loss')).length, 10_000)
})

test('what could not be logged makes the run FAILED and its end reject', async () => {
  setTrackingClient(served.client)
  let runId = ''
  const work = startRun({}, async (run) => {
    runId = run.info.runId
    activeRunLogger().logMetric({ key: 'bad//name', value: 1 })
  })
  await assert.rejects(work, { code: 'LOGGING_INCOMPLETE' })
  assert.equal((await served.client.getRun(runId)).info.status, 'FAILED')
})

test('a server that is killed within a run is an error at its end', async () => {
  const other = await openSocketServer({ sleep: async () => {} })
  setTrackingClient(other.client)
  const work = startRun({}, async () => {
    await other.close()
    for (let step = 0; step < 100; step++) await logMetric('m', 1, { step, synchronous: false })
  })
  await assert.rejects(work, /incomplete \(0 entries lost, 100 waiting\): Cannot reach the tracking server/)
})

test('runs are found by experiments, by name or by default the chosen one', async () => {
  setTrackingClient(served.client)
  await setExperiment('search')
  for (const value of [1, 2, 3]) await startRun({}, () => logMetric('m', value))
  const found = await searchRuns({ filter: 'metrics.m > 1', orderBy: ['metrics.m DESC'] })
  assert.deepEqual(
    found.map(({ data }) => data.metrics['m']),
    [3, 2],
  )
  assert.equal((await searchRuns({ experimentNames: ['search', 'nobody'], maxResults: 2 })).length, 2)
  assert.equal((await searchRuns({ experimentNames: ['nobody'] })).length, 0)
})
